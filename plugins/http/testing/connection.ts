import { registry } from "../../../generated/registry.js";
import type { RedactionAction } from "../../../runtime/engine/redaction/redaction-action.js";
import { findPlugin } from "../../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../../runtime/plugin/testing/tcp-conversation.js";

export const http = findPlugin(registry.plugins, "http");

/** An opened connection to port 80. */
export function connect(settings: Record<string, string> = {}, actions: Record<string, RedactionAction> = {}) {
  const bench = DecoderBench.configured({ settings, redaction: { actions: new Map(Object.entries(actions)) } }, http);
  const connection = new TcpConversation(bench, { serverPort: 80 });
  connection.open({ atSeconds: 0 });
  return { bench, connection };
}

/** A header of these lines. */
export const lines = (...parts: string[]) => `${parts.join("\r\n")}\r\n\r\n`;
/** A request without a body. */
export const GET = lines("GET / HTTP/1.1", "Host: a");
/** A response with a body. */
export const OK = (body: string, ...fields: string[]) =>
  lines("HTTP/1.1 200 OK", `Content-Length: ${body.length}`, ...fields) + body;
