import { DecoderBench } from "../../../plugin/testing/decoder-bench.js";
import { TcpConversation, type TcpConversationOptions } from "../../../plugin/testing/tcp-conversation.js";
import { type RecordingOptions, recordingPlugin } from "./recording-plugin.js";

/** The port of {@link recordingPlugin}. */
export const ECHO = 7;

/** One connection, opened unless the options say otherwise, whose bytes are recorded. */
export function connect(
  options: RecordingOptions & Partial<TcpConversationOptions> & { isOpened?: boolean; limits?: object } = {},
) {
  const { plugin, streams } = recordingPlugin(options);
  const bench = DecoderBench.configured({ limits: options.limits ?? {} }, plugin);
  const connection = new TcpConversation(bench, { serverPort: ECHO, ...options });
  if (options.isOpened !== false) connection.open();
  return { bench, connection, streams };
}
