import type { Bindings, Plugin } from "../../runtime/plugin/plugin.js";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import type { EventTable } from "../../runtime/schema/event-table.js";
import { type ComparisonPlan, isOfObservation } from "./comparison-plan.js";
import { isReversed, reverseRow } from "./reversed-row.js";
import { has, type TsharkFrame } from "./tshark-frame.js";

/** Protocols below a plugin's: that a frame has them does not make it the plugin's. */
const LOWER_PROTOCOLS: ReadonlySet<string> = new Set(["frame", "eth", "vlan", "ip", "ipv6", "tcp", "udp", "sctp"]);
/** Protocols whose errors quote packets of other ones. */
const QUOTING_PROTOCOLS = ["icmp", "icmpv6"];

/**
 * The plan of a plugin that has none of its own, made from what its columns are called in Wireshark.
 *
 * - A frame is the plugin's if tshark finds one of the protocols in it that these names begin with, such as `ntp` of `ntp.stratum`.
 * - A row represents the frame that its observation names and, where the table has a column `response_frame`, for that one too.
 * - `latency` and the columns `response_…` are compared with the response's frame, `response_frame` itself with the request's. Other columns
 *   of the plugin are compared with the one of the two that has their field, the request's first.
 *
 * Where no column of the plugin's own has a name, or the plugin's plan says so, tshark does not know the protocol: the observation alone is
 * compared.
 */
export function defaultPlan(
  { table, bindings }: Pick<Plugin, "table" | "bindings">,
  isUnknown = protocolsOf(table).length === 0,
): ComparisonPlan {
  const protocols = isUnknown ? [] : protocolsOf(table);
  const quoting = QUOTING_PROTOCOLS.filter((protocol) => !protocols.includes(protocol));
  const pairs = table.columns.some(({ name }) => name === "response_frame");
  const withoutCounterpart = columnsWithoutCounterpart(bindings);
  const hasAddresses = (frame: TsharkFrame) =>
    withoutCounterpart.has("src_address") || has(frame, "ip.src", "ipv6.src");
  return {
    table,
    fields: [...protocols, ...quoting],
    // Of an unknown protocol, a frame whose addresses tshark reads.
    isOf: (frame) => !has(frame, ...quoting) && (isUnknown ? hasAddresses(frame) : has(frame, ...protocols)),
    isUnknown,
    withoutCounterpart,
    framesOf(row) {
      const response = responseOf(row);
      return [...new Set([requestOf(row), ...(response === null ? [] : [response])])];
    },
    frameOf(column, row, { frames }) {
      const request = requestOf(row);
      if (!pairs || isOfObservation(column)) return request;
      const response = responseOf(row);
      // A lone response names its own frame.
      if (column.name === "response_frame") return response === request ? undefined : request;
      if (column.name === "latency" || column.name.startsWith("response_")) return response;
      const isShown = (frame: number) => has(frames[frame - 1], ...column.wireshark);
      return response !== null && !isShown(request) && isShown(response) ? response : request;
    },
    asSeen(row, capture) {
      // The client is the source of a stream's rows, and who would have asked that of a lone response.
      const mayBeReversed = row["transport"] === "TCP" || responseOf(row) === requestOf(row);
      return mayBeReversed && isReversed(row, capture) ? reverseRow(row) : row;
    },
  };
}

/** The protocols that the Wireshark names of a table's own columns begin with. */
export function protocolsOf({ columns }: EventTable): string[] {
  const names = columns.filter((column) => !isOfObservation(column)).flatMap(({ wireshark }) => wireshark);
  const protocols = new Set(names.map((name) => name.split(".", 1)[0]!));
  return [...protocols].filter((protocol) => !LOWER_PROTOCOLS.has(protocol));
}

function requestOf(row: RowObject): number {
  return Number(row["frame_number"]);
}

function responseOf(row: RowObject): number | null {
  const frame = row["response_frame"] ?? null;
  return frame === null ? null : Number(frame);
}

/** Columns of the observation that packets of these bindings do not have. */
function columnsWithoutCounterpart({ udpPorts, tcpPorts, ethertypes, ipProtocols }: Bindings): ReadonlySet<string> {
  if (udpPorts.length > 0 || tcpPorts.length > 0) return new Set();
  if (ipProtocols.length > 0) return new Set(["src_port", "dst_port"]);
  return ethertypes.length > 0
    ? new Set(["src_address", "dst_address", "src_port", "dst_port", "community_id"])
    : new Set();
}
