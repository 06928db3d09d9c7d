import { AGAIN } from "../compare-frames.js";
import { comparisonPlans } from "../comparison-plans.js";
import type { KnownDifference } from "../known-difference.js";

/** Messages that come again (`repeatedFrames` finds them), of any protocol. */
export const repeatDifferences: readonly KnownDifference[] = Object.keys(comparisonPlans).map((resource) => ({
  id: `${resource}/again`,
  fields: ["row"],
  reason: "A request that is sent again, or a packet that is captured again, is counted on the row of the first one.",
  explains: ({ ours, tshark }) => ours === "in 0 rows" && tshark === AGAIN,
}));
