import type { RowObject } from "../../runtime/plugin/testing/decoder-bench.js";
import { readTsharkFields } from "../captures/tshark-fields.js";
import { Agreement } from "./agreement.js";
import { COMMUNITY_ID, readCommunityIds } from "./community-ids.js";
import {
  type ComparisonPlan,
  comparedColumns,
  compareFrames,
  compareRows,
  type Difference,
  type TsharkFrame,
} from "./comparison.js";
import { type KnownDifference, knownDifferences } from "./known-differences.js";
import { repeatedFrames } from "./repeated-frames.js";

/** What is known of a capture before it is compared. */
export interface ComparisonOptions {
  /** Community IDs by frame number. */
  readonly knownIds?: ReadonlyMap<number, string[]>;
  /** The capture is not the project's own, so that differences which only such have count. */
  readonly isOfOthers?: boolean;
}

/** What came of laying one plugin's rows of one capture beside tshark's reading. */
export interface CaptureComparison {
  readonly agreement: Agreement;
  /** Differences that nobody has looked into yet. */
  readonly unexplained: readonly Difference[];
  /** Each difference that is known, with its entry. */
  readonly explained: readonly (readonly [Difference, KnownDifference])[];
}

/**
 * Compares the rows that one plugin made of a capture file, called `name` in differences, with tshark's reading of it. Community IDs are
 * read too unless they are given.
 */
export async function compareCapture(
  plan: ComparisonPlan,
  path: string,
  name: string,
  rows: readonly RowObject[],
  { knownIds, isOfOthers = false }: ComparisonOptions = {},
): Promise<CaptureComparison> {
  const wireshark = comparedColumns(plan).flatMap((column) => column.wireshark);
  const fields = [
    "frame.number",
    "frame.time_epoch",
    ...(plan.otherFields ?? []),
    ...new Set(wireshark.filter((field) => field !== COMMUNITY_ID)),
  ];
  const { displayFilter, preferences = [] } = plan;
  const [list, communityIds] = await Promise.all([
    readTsharkFields(path, fields, { displayFilter, preferences, twoPass: !plan.coversManyFrames }),
    knownIds ?? (wireshark.includes(COMMUNITY_ID) ? readCommunityIds(path) : new Map<number, string[]>()),
  ]);
  const frames = new Map<number, TsharkFrame>();
  for (const frame of list) {
    const number = Number(frame["frame.number"]![0]);
    frames.set(number, { ...frame, [COMMUNITY_ID]: communityIds.get(number) ?? [] });
  }
  const agreement = new Agreement();
  const differences = compareRows(plan, name, rows, frames, agreement);
  if (!plan.coversManyFrames) {
    const own = plan.ownFrames === undefined ? [...frames.keys()] : await readFrameNumbers(path, plan.ownFrames);
    differences.push(...compareFrames(plan, name, rows, own, repeatedFrames(plan, rows, frames), agreement));
  }

  return { agreement, ...explainDifferences(plan.table.resource, differences, isOfOthers) };
}

/** Parts differences of a resource into those that are known, and those that nobody has looked into. */
export function explainDifferences(
  resource: string,
  differences: readonly Difference[],
  isOfOthers: boolean,
): Pick<CaptureComparison, "unexplained" | "explained"> {
  const unexplained: Difference[] = [];
  const explained: (readonly [Difference, KnownDifference])[] = [];
  for (const difference of differences) {
    const known = knownDifferences.find(
      (entry) => (isOfOthers || entry.corpus !== true) && isExplainedBy(entry, resource, difference),
    );
    if (known === undefined) unexplained.push(difference);
    else explained.push([difference, known]);
  }
  return { unexplained, explained };
}

async function readFrameNumbers(path: string, displayFilter: string): Promise<number[]> {
  const frames = await readTsharkFields(path, ["frame.number"], { displayFilter });
  return frames.map((frame) => Number(frame["frame.number"]![0]));
}

function isExplainedBy(entry: KnownDifference, resource: string, difference: Difference): boolean {
  if (entry.resource !== resource || entry.field !== difference.field) return false;
  if (entry.capture !== undefined && entry.capture !== difference.capture) return false;
  return entry.explains(difference);
}
