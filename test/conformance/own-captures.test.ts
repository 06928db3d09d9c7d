import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { isTsharkInstalled } from "../captures/tshark-fields.js";
import { hasCaptures, ownCaptures } from "./capture-paths.js";
import { comparedColumns } from "./comparison-plan.js";
import { comparisonPlans } from "./comparison-plans.js";
import { describeDifference } from "./difference.js";
import { addCapture, type GroupResult } from "./group-result.js";
import { OWN_CAPTURES } from "./own-title.js";
import { findGrowth, readRecordedUses } from "./reason-uses.js";

const installed = await isTsharkInstalled();

describe.skipIf(!installed)(`rows against tshark${installed ? "" : " (skipped: tshark is not installed)"}`, () => {
  const group: GroupResult = {
    title: OWN_CAPTURES,
    captures: 0,
    unread: [],
    agreements: new Map(),
    unexplained: [],
    explained: new Map(),
  };
  const recorded = readRecordedUses()[OWN_CAPTURES]!;

  it.each(ownCaptures().map((path) => [basename(path), path]))("%s", { timeout: 60_000 }, async (_, path) => {
    const before = group.unexplained.length;
    await addCapture(group, path);
    expect(group.unread).toEqual([]);
    expect(group.unexplained.slice(before).map(describeDifference).join("\n")).toBe("");
  });

  // Of a plugin without captures nothing may have been compared.
  const withCaptures = Object.entries(comparisonPlans).filter(([resource]) => hasCaptures(resource));

  it.each(withCaptures)("compared every column of %s that names a Wireshark field", (resource, plan) => {
    // Without the captures, as when only this test runs, nothing agreed.
    const agreement = group.agreements.get(resource);
    const missing = comparedColumns(plan).flatMap(({ name, wireshark, isList }) => {
      const left = wireshark.filter((field) => agreement?.hasAgreed(`${name} = ${field}`) !== true);
      const isCovered = isList ? left.length === 0 : left.length < wireshark.length;
      return isCovered ? [] : [`${name} = ${left.join(",")}`];
    });
    expect(missing).toEqual([]);
  });

  it("no reason explains more differences than recorded", () => {
    expect(findGrowth(group, recorded)).toEqual([]);
  });

  it("no reason is recorded that explains nothing any more", () => {
    const used = new Set([...group.explained.keys()].map(({ id }) => id));
    expect(Object.keys(recorded.uses).filter((id) => !used.has(id))).toEqual([]);
  });
});
