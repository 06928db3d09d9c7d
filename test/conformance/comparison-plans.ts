import { registry } from "../../generated/registry.js";
import type { Plugin } from "../../runtime/plugin/plugin.js";
import type { ComparisonPlan, PluginPlan } from "./comparison-plan.js";
import { defaultPlan } from "./default-plan.js";
import { importPluginFile } from "./plugin-file.js";

/** The plan of each plugin by resource: the default one, with what `conformance/plan.ts` in the plugin's folder has in its place. */
export const comparisonPlans: Readonly<Record<string, ComparisonPlan>> = Object.fromEntries(
  await Promise.all(registry.plugins.map(async (plugin) => [plugin.table.resource, await planOf(plugin)] as const)),
);

async function planOf(plugin: Plugin): Promise<ComparisonPlan> {
  const file = await importPluginFile<{ plan: PluginPlan }>(plugin.table.resource, "plan", "plan");
  // A plan that says which frames are the plugin's knows what tshark shows of them.
  return {
    ...defaultPlan(plugin, file?.plan.isUnknown),
    ...(file?.plan.isOf !== undefined && { isUnknown: false }),
    ...file?.plan,
  };
}
