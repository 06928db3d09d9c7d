import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { decodeCapture } from "../../runtime/plugin/testing/decode-rows.js";
import { isTsharkInstalled, readTsharkFields } from "../captures/tshark-fields.js";
import { COMMUNITY_ID, readCommunityIds } from "./community-ids.js";
import { comparedColumns, compareFrames, compareRows, type Difference, type TsharkFrame } from "./comparison.js";
import { comparisonPlans } from "./comparison-plans.js";
import { knownDifferences } from "./known-differences.js";

const installed = await isTsharkInstalled();

describe.skipIf(!installed)(`rows against tshark${installed ? "" : " (skipped: tshark is not installed)"}`, () => {
  for (const plugin of registry.plugins) {
    const { resource } = plugin.table;
    const plan = comparisonPlans[resource];
    const annotated = plan === undefined ? [] : comparedColumns(plan);
    const folder = fileURLToPath(new URL(`../../plugins/${resource}/captures/`, import.meta.url));
    const captures = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => /\.pcap(ng)?$/.test(name));
    if (captures.length === 0) continue;

    describe(resource, () => {
      const compared = new Set<string>();
      const explained = new Set<unknown>();

      it.each(captures)("%s", async (capture) => {
        expect(plan, `test/conformance/comparison-plans.ts has no plan for ${resource}`).toBeDefined();
        const fields = [
          "frame.number",
          ...(plan!.otherFields ?? []),
          ...new Set(annotated.flatMap(({ wireshark }) => wireshark).filter((field) => field !== COMMUNITY_ID)),
        ];
        const options = { displayFilter: plan!.displayFilter };
        const [rows, list, communityIds] = await Promise.all([
          decodeCapture(plugin, folder + capture),
          readTsharkFields(folder + capture, fields, options),
          readCommunityIds(folder + capture),
        ]);
        const frames = new Map<number, TsharkFrame>();
        for (const frame of list) {
          const number = Number(frame["frame.number"]![0]);
          frames.set(number, { ...frame, [COMMUNITY_ID]: communityIds.get(number) ?? [] });
        }
        const differences = compareRows(plan!, capture, rows, frames, compared);
        // A flow stands for many frames and names one.
        if (resource !== "flow") differences.push(...compareFrames(plan!, capture, rows, [...frames.keys()]));
        const unknown = differences.filter((difference) => {
          const known = knownDifferences.find((entry) => isExplainedBy(entry, resource, difference));
          if (known !== undefined) explained.add(known);
          return known === undefined;
        });
        expect.soft(unknown.map(describeDifference).join("\n")).toBe("");
      });

      it("compared every column that names a Wireshark field", () => {
        const missing = annotated.flatMap(({ name, wireshark, isList }) => {
          const left = wireshark.filter((field) => !compared.has(`${name} ${field}`));
          const isCovered = isList ? left.length === 0 : left.length < wireshark.length;
          return isCovered ? [] : [`${name} = ${left.join(",")}`];
        });
        expect(missing).toEqual([]);
      });

      it("has no known difference that is gone", () => {
        const gone = knownDifferences.filter((entry) => entry.resource === resource && !explained.has(entry));
        expect(gone.map(({ field, reason }) => `${field}: ${reason}`)).toEqual([]);
      });
    });
  }
});

function isExplainedBy(entry: (typeof knownDifferences)[number], resource: string, difference: Difference): boolean {
  if (entry.resource !== resource || entry.field !== difference.field) return false;
  if (entry.capture !== undefined && entry.capture !== difference.capture) return false;
  return entry.explains(difference);
}

function describeDifference({ capture, frame, field, ours, tshark }: Difference): string {
  return `${capture} frame ${frame}: ${field}: ours ${ours}, tshark ${tshark}`;
}
