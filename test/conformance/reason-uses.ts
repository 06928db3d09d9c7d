import { readFileSync, writeFileSync } from "node:fs";
import type { GroupResult } from "./group-result.js";

/** What was recorded of a group of captures when a person last reviewed its differences. */
export interface RecordedUses {
  /** Differences without a reason. */
  readonly unexplained: number;
  /** Differences that each reason explained, by its identifier. */
  readonly uses: Readonly<Record<string, number>>;
}

const file = new URL("reason-uses.json", import.meta.url);

/** The groups that were recorded, by title. */
export function readRecordedUses(): Readonly<Record<string, RecordedUses>> {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Records a group, in the place of what was recorded under its title. */
export function recordUses(group: GroupResult): void {
  const groups = { ...readRecordedUses(), [group.title]: usesOf(group) };
  const sorted = Object.fromEntries(Object.entries(groups).sort(([a], [b]) => a.localeCompare(b)));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

function usesOf({ explained, unexplained }: GroupResult): RecordedUses {
  const uses = [...explained].map(([{ id }, count]): [string, number] => [id, count]);
  return {
    unexplained: unexplained.length,
    uses: Object.fromEntries(uses.sort(([a], [b]) => a.localeCompare(b))),
  };
}

/** Reasons that explain more differences than recorded, and more differences without a reason, a line each. */
export function findGrowth(group: GroupResult, recorded: RecordedUses): string[] {
  const { uses, unexplained } = usesOf(group);
  const grown = Object.entries(uses)
    .filter(([id, count]) => count > (recorded.uses[id] ?? 0))
    .map(([id, count]) => `${id} explains ${count} differences, ${recorded.uses[id] ?? 0} are recorded`);
  if (unexplained > recorded.unexplained) {
    grown.push(`${unexplained} differences have no reason, ${recorded.unexplained} are recorded`);
  }
  return grown;
}
