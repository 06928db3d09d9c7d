import { describe, expect, it } from "vitest";
import type { GroupResult } from "./group-result.js";
import type { KnownDifference } from "./known-difference.js";
import { knownDifferences } from "./known-differences.js";
import { findGrowth } from "./reason-uses.js";

const [first, second] = knownDifferences as [KnownDifference, KnownDifference];

function groupWith(...uses: readonly (readonly [KnownDifference, number])[]): GroupResult {
  return {
    title: "some",
    captures: 1,
    unread: [],
    agreements: new Map(),
    unexplained: [],
    explained: new Map(uses),
  };
}

describe("uses of reasons", () => {
  it("may stay or shrink", () => {
    const recorded = { unexplained: 0, uses: { [first.id]: 2, [second.id]: 1 } };
    expect(findGrowth(groupWith([first, 2]), recorded)).toEqual([]);
    expect(findGrowth(groupWith([first, 1], [second, 1]), recorded)).toEqual([]);
  });

  it("are reported where they grew, and where a reason was not recorded", () => {
    const group = groupWith([first, 3], [second, 1]);
    expect(findGrowth(group, { unexplained: 0, uses: { [first.id]: 2 } })).toEqual([
      `${first.id} explains 3 differences, 2 are recorded`,
      `${second.id} explains 1 differences, 0 are recorded`,
    ]);
  });
});
