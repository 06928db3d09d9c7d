import type { Difference } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

const isInNoRow = ({ ours }: Difference) => ours === "in 0 rows";
const inFrames =
  (...frames: readonly number[]) =>
  ({ frame }: Difference) =>
    frames.includes(frame);

/** Known differences of TLS and QUIC. */
export const tlsDifferences: readonly KnownDifference[] = [
  {
    resource: "tls",
    field: "row",
    capture: "retries.pcap",
    reason: "The ClientHello that the server asked for with a HelloRetryRequest; the row is the first one's.",
    explains: (difference) => isInNoRow(difference) && inFrames(8, 25)(difference),
  },
  {
    resource: "tls",
    field: "row",
    capture: "failures.pcap",
    reason: "As in retries.pcap.",
    explains: (difference) => isInNoRow(difference) && inFrames(51)(difference),
  },
  {
    resource: "tls",
    field: "row",
    capture: "dtls.pcap",
    reason: "The ClientHello of frame 157, sent again.",
    explains: (difference) => isInNoRow(difference) && inFrames(158)(difference),
  },
  {
    resource: "quic",
    field: "row",
    capture: "retries.pcap",
    reason: "The ClientHello that the server asked for with a HelloRetryRequest; the row is the first one's.",
    explains: (difference) => isInNoRow(difference) && inFrames(66)(difference),
  },
];
