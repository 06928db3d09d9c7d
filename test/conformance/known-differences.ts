import type { KnownDifference } from "./known-difference.js";
import { communityIdDifferences } from "./known-differences/community-id.js";
import { layerDifferences } from "./known-differences/layers.js";
import { repeatDifferences } from "./known-differences/repeats.js";
import { pluginDifferences } from "./plugin-differences.js";

/** Every known difference, reviewed by a person; the first one that explains a difference counts. */
export const knownDifferences: readonly KnownDifference[] = [
  ...repeatDifferences,
  ...communityIdDifferences,
  ...layerDifferences,
  ...[...pluginDifferences.values()].flatMap((file) => file.knownDifferences),
];
