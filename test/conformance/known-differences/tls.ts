import type { Difference } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

const isInNoRow =
  (...frames: readonly number[]) =>
  ({ ours, frame }: Difference) =>
    ours === "in 0 rows" && frames.includes(frame);

/** Known differences of TLS. */
export const tlsDifferences: readonly KnownDifference[] = [
  {
    resource: "tls",
    field: "row",
    capture: "retries.pcap",
    reason: "The ClientHello that the server asked for with a HelloRetryRequest; the row is the first one's.",
    explains: isInNoRow(8, 25),
  },
  {
    resource: "tls",
    field: "row",
    capture: "failures.pcap",
    reason: "As in retries.pcap.",
    explains: isInNoRow(51),
  },
  {
    resource: "tls",
    field: "row",
    capture: "dtls.pcap",
    reason: "The ClientHello of frame 157, sent again.",
    explains: isInNoRow(158),
  },
];
