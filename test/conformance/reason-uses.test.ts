import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { GroupResult } from "./group-result.js";
import type { KnownDifference } from "./known-difference.js";
import { knownDifferences } from "./known-differences.js";
import { findGrowth, type RecordFiles, readRecordedUses, recordUses } from "./reason-uses.js";

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

  it("are recorded with their plugins, group by group", () => {
    const folder = mkdtempSync(join(tmpdir(), "wireloom-uses-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = (name: string) => join(folder, name, "reason-uses.json");
    const subjects = ["layers", "arp", "dns"];
    const files: RecordFiles = {
      groups: join(folder, "groups.json"),
      uses: new Map(subjects.map((subject) => [subject, file(subject)])),
    };
    const reason = (id: string) => ({ ...first, id });
    const recorded = () => readRecordedUses(files);

    recordUses(groupWith([reason("arp/cut"), 2], [reason("layers/cut"), 1]), files);
    recordUses({ ...groupWith([reason("arp/cut"), 5], [reason("dns/again"), 3]), title: "others" }, files);
    expect(recorded()).toEqual({
      some: { unexplained: 0, uses: { "arp/cut": 2, "layers/cut": 1 } },
      others: { unexplained: 0, uses: { "arp/cut": 5, "dns/again": 3 } },
    });

    recordUses({ ...groupWith(), title: "others" }, files);
    expect(recorded()).toEqual({
      some: { unexplained: 0, uses: { "arp/cut": 2, "layers/cut": 1 } },
      others: { unexplained: 0, uses: {} },
    });
    expect(subjects.map(file).map(existsSync)).toEqual([true, true, false]);

    expect(() => recordUses(groupWith([reason("other/cut"), 1]), files)).toThrow("other/cut is a reason of no plugin");
  });
});
