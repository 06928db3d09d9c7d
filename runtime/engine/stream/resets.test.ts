import { expect, it } from "vitest";
import { TcpFlag } from "../../packet/tcp-flag.js";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../plugin/testing/tcp-conversation.js";
import { recordingPlugin } from "./testing/recording-plugin.js";

const ECHO = 7;

/** What the decoder receives of a connection with a reset of the server `offset` bytes after its data, and with later data. */
function orderOf(offset: number): string[] {
  const { plugin, streams } = recordingPlugin({ tcpPorts: [ECHO] });
  const bench = new DecoderBench(plugin);
  const connection = new TcpConversation(bench, { serverPort: ECHO });
  connection.open();
  connection.client("abc");
  connection.serverSegment("", { flags: TcpFlag.Rst, offset });
  connection.client("def");
  connection.server("xyz");
  bench.finish();
  return [...streams[0]!.order];
}

// RFC 9293, section 3.10.7.4; RFC 5961, section 3.
it("a reset ends the stream if it has the next expected sequence number", () => {
  expect(orderOf(0)).toEqual(["abc"]);
});

it.each([1, -1, 1000, -70_000, 2 ** 31])("a reset %i bytes off does not", (offset) => {
  expect(orderOf(offset)).toEqual(["abc", "def", "xyz"]);
});
