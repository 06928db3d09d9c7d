import { Agreement } from "./agreement.js";
import { readCapture } from "./capture-readings.js";
import { compareFrames } from "./compare-frames.js";
import { compareRows } from "./compare-rows.js";
import { comparisonPlans } from "./comparison-plans.js";
import type { Difference } from "./difference.js";
import { compareFlows } from "./flow/compare-flows.js";
import type { KnownDifference } from "./known-difference.js";
import { knownDifferences } from "./known-differences.js";
import { comparePackets } from "./layers/compare-packets.js";

/** What came of laying rows and layers of one capture beside tshark's reading. */
export interface CaptureComparison {
  /** By resource, `layers` for those of the packets; of protocols that either side found. */
  readonly agreements: ReadonlyMap<string, Agreement>;
  /** Differences that have not been examined yet. */
  readonly unexplained: readonly Difference[];
  /** Each difference that is known, with its reason. */
  readonly explained: readonly (readonly [Difference, KnownDifference])[];
}

/** Compares a capture file, of `protocol` alone if given; undefined for a file that tshark or the project does not open. */
export async function compareCapture(path: string, protocol?: string): Promise<CaptureComparison | undefined> {
  const readings = await readCapture(path);
  if (readings === undefined) return undefined;
  const agreements = new Map([...Object.keys(comparisonPlans), "layers"].map((name) => [name, new Agreement()]));
  const differences: Difference[] = [];
  const isWanted = (resource: string) => protocol === undefined || protocol === resource;
  for (const [resource, plan] of Object.entries(comparisonPlans)) {
    if (!isWanted(resource)) continue;
    const agreement = agreements.get(resource)!;
    differences.push(...compareRows(plan, readings, agreement));
    if (!plan.coversManyFrames && !plan.isUnknown) differences.push(...compareFrames(plan, readings, agreement));
  }
  if (isWanted("flow")) differences.push(...compareFlows(readings, agreements.get("flow")!));
  if (isWanted("layers")) differences.push(...comparePackets(readings, agreements.get("layers")!));
  for (const [name, agreement] of agreements) if (agreement.total.compared === 0) agreements.delete(name);
  return { agreements, ...explain(differences) };
}

/** Separates differences that a reason explains from those that have not been examined. */
function explain(differences: readonly Difference[]): Pick<CaptureComparison, "unexplained" | "explained"> {
  const unexplained: Difference[] = [];
  const explained: (readonly [Difference, KnownDifference])[] = [];
  for (const difference of differences) {
    const known = knownDifferences.find((entry) => isExplainedBy(entry, difference));
    if (known === undefined) unexplained.push(difference);
    else explained.push([difference, known]);
  }
  return { unexplained, explained };
}

function isExplainedBy(entry: KnownDifference, difference: Difference): boolean {
  if (!entry.id.startsWith(`${difference.resource}/`) || !entry.fields.includes(difference.field)) return false;
  if (entry.captures !== undefined && !entry.captures.includes(difference.capture)) return false;
  return entry.explains(difference);
}
