import type { Difference } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

const isInNoRow =
  (...frames: readonly number[]) =>
  ({ ours, frame }: Difference) =>
    ours === "in 0 rows" && frames.includes(frame);

/** Known differences of QUIC. */
export const quicDifferences: readonly KnownDifference[] = [
  {
    resource: "quic",
    field: "row",
    capture: "retries.pcap",
    reason: "The ClientHello that the server asked for with a HelloRetryRequest; the row is the first one's.",
    explains: isInNoRow(66),
  },
];
