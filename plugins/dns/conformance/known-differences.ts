import {
  all,
  hasField,
  hasOtherLayers,
  inFrames,
  inNoRow,
  isAnsweredByMember,
  isCut,
  isMalformed,
  isOnUnboundPorts,
  isRefused,
  isSentAgain,
  onlyInRow,
  onlyOurs,
  onlyTsharks,
  some,
} from "../../../test/conformance/conditions.js";
import type { Difference } from "../../../test/conformance/difference.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { hasValue } from "../../../test/conformance/tshark-frame.js";

const PAIR = ["response_frame = dns.response_in", "latency = dns.time"];
const ASSIGNED_OPCODES = ["0", "1", "2", "4", "5", "6"];

/** tshark's text in place of a name that it cannot read. */
function hasBrokenName({ evidence }: Difference): boolean {
  return evidence.frame?.["dns.qry.name"]?.some((name) => /^<Name /.test(name)) ?? false;
}

/** The response of the row is malformed or cut, so that tshark stops before it pairs. */
function isResponseUnreadable(difference: Difference): boolean {
  const { row, readings } = difference.evidence;
  const frame = Number(row?.["response_frame"] ?? 0);
  const response = {
    ...difference,
    frame,
    evidence: { ...difference.evidence, frame: readings.tshark.frames[frame - 1] },
  };
  return frame > 0 && some(isMalformed, isCut, isRefused)(response);
}

/** Fields of tshark that only the conditions here read. */
export const evidenceFields = ["dns.flags.opcode", "dns.qry.name", "dns.id"];

/** Known differences of DNS. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    id: "dns/extended-rcode",
    fields: ["rcode = dns.flags.rcode"],
    reason:
      "Wireshark's field has the header's four bits; ours has the upper eight of the EDNS record before them (RFC 6891, section 6.1.3).",
    explains: ({ ours, tshark }) => Number(ours) > 15 && (Number(ours) & 15) === Number(tshark),
  },
  {
    id: "dns/multicast-by-id",
    fields: PAIR,
    reason:
      "Wireshark pairs messages by id, which is 0 in all of multicast DNS: a probe with the announcement of what was probed for, say. Ours are rows of their own.",
    explains: all(onlyTsharks, hasField("mdns"), ({ evidence }) => hasValue(evidence.frame, "dns.id", "0x0000")),
  },
  {
    id: "dns/query-to-group",
    fields: PAIR,
    reason: "A query to a group, answered by a host; Wireshark pairs messages of the same two addresses only.",
    explains: all(onlyOurs, isAnsweredByMember),
  },
  {
    id: "dns/sent-again",
    fields: PAIR,
    reason: "Ours pairs the answer with the first copy of a query that was sent again, Wireshark with the last.",
    explains: isSentAgain,
  },
  {
    id: "dns/response-unreadable",
    fields: PAIR,
    reason: "Wireshark stops where the response is cut or malformed, before it pairs; header and question are whole.",
    explains: all(onlyOurs, isResponseUnreadable),
  },
  {
    id: "dns/inverse-query",
    fields: PAIR,
    reason: "An inverse query has no question that the response could repeat: two rows.",
    explains: all(onlyTsharks, ({ evidence }) => hasValue(evidence.frame, "dns.flags.opcode", "1")),
  },
  {
    id: "dns/broken-question",
    fields: ["query_name = dns.qry.name", "query_type = dns.qry.type", "query_class = dns.qry.class"],
    reason: "The question's name breaks the format: ours has none of the question, tshark says what is wrong.",
    explains: all(onlyTsharks, hasBrokenName),
  },
  {
    id: "dns/cut-after-name",
    fields: ["query_name = dns.qry.name"],
    reason: "The capture cut the question after its name, which Wireshark shows with type and class alone.",
    explains: all(onlyOurs, isCut),
  },
  {
    id: "dns/no-such-operation",
    fields: ["row"],
    reason: "An operation that does not exist and more entries than bytes: ours is not a DNS message.",
    explains: all(
      inNoRow,
      isMalformed,
      ({ evidence }) => !hasValue(evidence.frame, "dns.flags.opcode", ...ASSIGNED_OPCODES),
    ),
  },
  {
    id: "dns/in-quic",
    fields: ["row"],
    reason: "DNS over QUIC, for which the capture has the keys; ours does not decrypt it.",
    explains: all(inNoRow, hasField("quic")),
  },
  {
    id: "dns/other-port",
    fields: ["row"],
    reason:
      "Neither port is bound to DNS, and the bytes alone are not enough; Wireshark knows the port from its table, from a packet before, or guesses.",
    explains: all(inNoRow, hasField("udp"), isOnUnboundPorts),
  },
  {
    id: "dns/zero-byte-name",
    fields: ["answer_names = dns.resp.name"],
    captures: ["names.pcap"],
    reason: "Wireshark 4.0 takes a name that begins with a zero byte and comes by a pointer for the root.",
    explains: (difference) => inFrames(6)(difference) && difference.tshark === "<Root>",
  },
  {
    id: "dns/other-layers",
    fields: ["row"],
    reason: "Both sides read the layers of the frame otherwise, which is listed there.",
    explains: all(some(onlyInRow, inNoRow), hasOtherLayers),
  },
];
