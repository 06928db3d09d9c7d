import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { decodeCapture } from "../../runtime/plugin/testing/decode-rows.js";
import { isTsharkInstalled } from "../captures/tshark-fields.js";
import { Agreement } from "./agreement.js";
import { compareCapture } from "./compare-capture.js";
import { comparedColumns, describeDifference } from "./comparison.js";
import { comparisonPlans } from "./comparison-plans.js";
import { type KnownDifference, knownDifferences } from "./known-differences.js";

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
      const agreement = new Agreement();
      const explained = new Set<KnownDifference>();

      it.each(captures)("%s", async (capture) => {
        expect(plan, `test/conformance/comparison-plans.ts has no plan for ${resource}`).toBeDefined();
        const rows = await decodeCapture(plugin, folder + capture);
        const comparison = await compareCapture(plan!, folder + capture, capture, rows);
        agreement.merge(comparison.agreement);
        for (const [, known] of comparison.explained) explained.add(known);
        expect.soft(comparison.unexplained.map(describeDifference).join("\n")).toBe("");
      });

      it("compared every column that names a Wireshark field", () => {
        const missing = annotated.flatMap(({ name, wireshark, isList }) => {
          const left = wireshark.filter((field) => !agreement.hasAgreed(`${name} = ${field}`));
          const isCovered = isList ? left.length === 0 : left.length < wireshark.length;
          return isCovered ? [] : [`${name} = ${left.join(",")}`];
        });
        expect(missing).toEqual([]);
      });

      it("has no known difference that is gone", () => {
        const gone = knownDifferences.filter(
          (entry) => entry.resource === resource && entry.corpus !== true && !explained.has(entry),
        );
        expect(gone.map(({ field, reason }) => `${field}: ${reason}`)).toEqual([]);
      });
    });
  }
});
