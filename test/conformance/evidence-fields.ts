import { pluginDifferences } from "./plugin-differences.js";

/** Fields of tshark that only conditions of reasons read: those of several protocols, and what each plugin names. */
export const EVIDENCE_FIELDS = [
  ...["_ws.malformed", "_ws.short"],
  ...["tcp", "udp", "tcp.stream", "udp.stream", "tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment"],
  ...["ip.fragment.overlap.conflict", "tls.handshake.random", "dtls.handshake.random"],
  ...[...pluginDifferences.values()].flatMap(({ evidenceFields = [] }) => evidenceFields),
];
