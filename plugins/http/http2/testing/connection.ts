import { registry } from "../../../../generated/registry.js";
import type { RedactionAction } from "../../../../runtime/engine/redaction/redaction-action.js";
import { findPlugin } from "../../../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../../../runtime/plugin/testing/tcp-conversation.js";
import { CLIENT_START, headers, requestFields, responseFields, SERVER_START } from "./frames.js";

export const http = findPlugin(registry.plugins, "http");

/** A connection of which nothing was sent yet. */
export function open(
  settingsOfHttp: Record<string, string> = {},
  serverPort = 8080,
  actions: Record<string, RedactionAction> = {},
) {
  const redaction = { actions: new Map(Object.entries(actions)) };
  const bench = DecoderBench.configured({ settings: settingsOfHttp, redaction }, http);
  const connection = new TcpConversation(bench, { serverPort });
  connection.open({ atSeconds: 0 });
  return { bench, connection };
}

/** A connection whose sides have sent their prefaces. */
export function connect(settingsOfHttp: Record<string, string> = {}, actions: Record<string, RedactionAction> = {}) {
  const { bench, connection } = open(settingsOfHttp, undefined, actions);
  connection.client(CLIENT_START);
  connection.server(SERVER_START);
  return { bench, connection };
}

/** A request without a body. */
export const GET = (streamId: number, path = "/") => headers(streamId, requestFields("GET", path));
/** A response without a body. */
export const OK = (streamId: number) => headers(streamId, responseFields(200));
