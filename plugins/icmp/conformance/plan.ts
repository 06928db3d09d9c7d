import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";
import { has } from "../../../test/conformance/tshark-frame.js";
import { milliseconds } from "../../../test/conformance/tshark-value.js";

/** Columns of a query and its reply that describe the reply, if there is one. */
const REPLY_COLUMNS = new Set([
  "latency",
  "response_code",
  "response_hop_limit",
  "originate_timestamp",
  "receive_timestamp",
  "transmit_timestamp",
  "address_mask",
  "interface_active",
  "target_mac",
  "from_router",
  "solicited",
  "override",
]);

/** Columns of the quoted packet whose fields the frame itself has too, before. */
const INNER_COLUMNS = new Set([
  "inner_src_address",
  "inner_dst_address",
  "inner_transport",
  "inner_hop_limit",
  "inner_length",
]);

/** Routes stand in the same fields as prefixes, behind them. */
const ROUTE_COLUMNS = new Set(["routes", "route_lengths"]);

/** ICMP: a row is a query's frame and its reply's, or one message's. */
export const plan: PluginPlan = {
  // Ports of ICMP hold type and code, while tshark's are those of the packet that a message quotes.
  withoutCounterpart: new Set(["src_port", "dst_port"]),
  fields: ["icmp", "icmpv6"],
  isOf: (frame) => has(frame, "icmp", "icmpv6"),
  framesOf: (row) =>
    [...new Set([row["frame_number"], row["response_frame"]])].filter((frame) => frame !== null).map(Number),
  frameOf(column, row) {
    const query = Number(row["frame_number"]);
    const reply = row["response_frame"] === null ? null : Number(row["response_frame"]);
    const isEcho = row["kind"] === "ECHO";
    switch (column.name) {
      case "response_frame":
      case "latency":
        // Wireshark pairs echoes only. A lone reply names its own frame.
        if (!isEcho || reply === query) return undefined;
        return column.name === "latency" ? reply : query;
      case "response_code":
      case "response_hop_limit":
        return reply;
      case "identifier":
      case "sequence_number":
        // Wireshark has a quoted query's in the same fields.
        return row["inner_transport"] === null ? query : undefined;
      case "inner_src_port":
      case "inner_dst_port":
        return row["inner_transport"] === "TCP" || row["inner_transport"] === "UDP" ? query : undefined;
      case "inner_transport":
      case "inner_length":
        // Of IPv6 Wireshark has the first next header, which may be an extension's, and the payload's length.
        return String(row["inner_src_address"]).includes(":") ? undefined : query;
      case "inner_identifier":
      case "inner_sequence_number":
        return row["inner_transport"] === null ? undefined : query;
      case "maximum_response_delay":
        // Reports have the field too, and it says nothing.
        return row["kind"] === "MULTICAST_QUERY" ? query : undefined;
      default:
        return REPLY_COLUMNS.has(column.name) ? (reply ?? query) : query;
    }
  },
  asSeen(row) {
    if (row["state"] !== "UNSOLICITED" && row["state"] !== "REPEATED") return row;
    // The row has who would have asked as its source, which the reply went to.
    const { src_address, dst_address } = row;
    return { ...row, src_address: dst_address, dst_address: src_address };
  },
  occurrenceOf(column, row) {
    if (INNER_COLUMNS.has(column.name)) return 1;
    return ROUTE_COLUMNS.has(column.name) ? (row["prefixes"] as readonly unknown[]).length : 0;
  },
  itemsOf(column, field, row) {
    const items = row[column.name] as readonly unknown[];
    if (column.name !== "multicast_addresses") return items;
    // Reports of version 2 have a field of their own.
    return field.startsWith("icmpv6.mldr.") === (row["type"] === 143) ? items : [];
  },
  valueForms: {
    "icmp.resptime": milliseconds,
    "icmpv6.resptime": milliseconds,
    "icmpv6.nd.ra.reachable_time": milliseconds,
    "icmpv6.nd.ra.retrans_timer": milliseconds,
    "icmpv6.mld.maximum_response_delay": milliseconds,
    "icmpv6.mld.maximum_response_code": milliseconds,
    // In units of eight bytes.
    "icmpv6.length": (text) => String(Number(text) * 8),
    // A code (RFC 8781, section 4), of which two mean nothing.
    "icmpv6.opt.pref64.plc": (text) => ["96", "64", "56", "48", "40", "32"][Number(text)] ?? null,
  },
};
