import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { comparisonPlans } from "./comparison-plans.js";

it("every plugin has a plan", () => {
  expect(Object.keys(comparisonPlans)).toEqual(registry.plugins.map(({ table }) => table.resource));
});

it("a plan of a plugin's folder that says which frames are the plugin's is of a known protocol", () => {
  // No column of a flow's own has a Wireshark name.
  expect(comparisonPlans["flow"]!.isUnknown).toBe(false);
  expect(comparisonPlans["flow"]!.coversManyFrames).toBe(true);
});

it("what a plan of a plugin's folder leaves out is the default one's", () => {
  const { valueForms, isOf } = comparisonPlans["ntp"]!;
  expect(valueForms?.["ntp.precision"]?.("233")).toBe("-23");
  expect(isOf({ ntp: ["Network Time Protocol"] })).toBe(true);
});
