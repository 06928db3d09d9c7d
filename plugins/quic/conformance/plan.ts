import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";
import { reverseRow } from "../../../test/conformance/reversed-row.js";
import { has, hasValue } from "../../../test/conformance/tshark-frame.js";

/** Columns that the first packet tells, whether or not it holds the whole ClientHello. */
const FIRST_COLUMNS = new Set(["client_version", "original_connection_id", "client_connection_id", "token_length"]);
const SERVER_COLUMNS = new Set(["cipher_suite", "group", "server_extensions"]);
const OBSERVATION = /^(frame_number|(src|dst)_(address|port)|community_id)$/;

/** Versions of Google's whose clients send a CHLO, which tshark has in another dissector's fields. */
const GOOGLE = /^0x5130/;

export const plan: PluginPlan = {
  foreignFields: /^dtls\.|^tls\.handshake\.server_named_curve$/,
  fields: ["quic", "tls.handshake.type", "icmp", "icmpv6"],
  isOf: (frame) => has(frame, "quic") && !has(frame, "icmp", "icmpv6"),
  // A ClientHello begins a row, but for those that a server asked for and repeated ones.
  isOwn: (frame) => hasValue(frame, "tls.handshake.type", "1"),
  framesOf: (row) =>
    row["hello_frame"] === null || GOOGLE.test(String(row["client_version"])) ? [] : [Number(row["hello_frame"])],
  frameOf(column, row) {
    const { name } = column;
    if (GOOGLE.test(String(row["client_version"]))) return undefined;
    const frame = (value: unknown) => (value === null ? null : Number(value));
    // Of a server whose client was not captured, tshark knows no more than we.
    if (row["client_version"] === "" && !OBSERVATION.test(name)) return undefined;
    // A 0-RTT packet may come before the first Initial, and has no token.
    if (name === "token_length" && row["early_data"] === true) return frame(row["hello_frame"]);
    if (OBSERVATION.test(name) || FIRST_COLUMNS.has(name)) return Number(row["frame_number"]);
    if (name.startsWith("close_")) return frame(row["close_frame"]);
    return frame(row[SERVER_COLUMNS.has(name) ? "response_frame" : "hello_frame"]);
  },
  asSeen(original) {
    // tshark has no field of an id without bytes, as clients have it that use a port for one connection.
    const row = original["client_connection_id"] === "" ? { ...original, client_connection_id: null } : original;
    if (row["client_version"] !== "") return row;
    // The row has the client as its source, which the server's packet went to.
    return reverseRow(row);
  },
  valueForms: { "quic.version": versionName },
};

function versionName(text: string): string {
  const draft = /^0xff0000(..)$/.exec(text);
  if (draft !== null) return `draft-${Number.parseInt(draft[1]!, 16)}`;
  return { "0x00000001": "1", "0x6b3343cf": "2" }[text] ?? text;
}
