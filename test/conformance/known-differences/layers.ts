import type { KnownDifference } from "../known-difference.js";
import { reviewedDifferences } from "../layers/reviewed-differences.js";

/** Layers of packets that were reviewed. */
export const layerDifferences: readonly KnownDifference[] = reviewedDifferences.map((entry) => ({
  id: `layers/${entry.name}`,
  fields: ["packet"],
  reason: entry.reason,
  explains: ({ ours, tshark, evidence }) =>
    entry.difference.test(`${ours}, tshark ${tshark}`) &&
    entry.protocols.test(evidence.frame?.["frame.protocols"]?.[0] ?? ""),
}));
