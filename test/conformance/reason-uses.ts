import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GroupResult } from "./group-result.js";
import { pluginFolders } from "./plugin-folders.js";

/** What was recorded of a group of captures when a person last reviewed its differences. */
export interface RecordedUses {
  /** Differences without a reason. */
  readonly unexplained: number;
  /** Differences that each reason explained, by its identifier. */
  readonly uses: Readonly<Record<string, number>>;
}

/** Uses of reasons in one file, by the group's title and the reason's identifier. */
type Uses = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Where uses are recorded. */
export interface RecordFiles {
  /** The number of differences without a reason in each recorded group, by title. */
  readonly groups: string;
  /** Uses of the reasons of each plugin, by resource, and of `layers`. */
  readonly uses: ReadonlyMap<string, string>;
}

const FILES: RecordFiles = {
  groups: fileURLToPath(new URL("recorded-groups.json", import.meta.url)),
  uses: new Map([
    ["layers", fileURLToPath(new URL("reason-uses.json", import.meta.url))],
    ...[...pluginFolders].map(([resource, folder]): [string, string] => [
      resource,
      join(folder, "conformance", "reason-uses.json"),
    ]),
  ]),
};

/** The groups that were recorded, by title. */
export function readRecordedUses(files: RecordFiles = FILES): Readonly<Record<string, RecordedUses>> {
  const all = [...files.uses.values()].map(readUses);
  const groups = Object.entries(readGroups(files));
  return Object.fromEntries(
    groups.map(([title, unexplained]) => [
      title,
      { unexplained, uses: Object.assign({}, ...all.map((uses) => uses[title] ?? {})) },
    ]),
  );
}

/** Records a group, in the place of what was recorded under its title. */
export function recordUses(group: GroupResult, files: RecordFiles = FILES): void {
  const { unexplained, uses } = usesOf(group);
  const stray = Object.keys(uses).find((id) => !files.uses.has(id.split("/")[0]!));
  if (stray !== undefined) throw new Error(`${stray} is a reason of no plugin and not of layers`);
  writeJson(files.groups, sorted({ ...readGroups(files), [group.title]: unexplained }));
  for (const [subject, file] of files.uses) recordIn(file, group.title, subject, uses);
}

/** Writes the uses of the reasons of one plugin, or of `layers`, to its file; removes a file without any. */
function recordIn(file: string, title: string, subject: string, uses: Readonly<Record<string, number>>): void {
  const own = Object.entries(uses).filter(([id]) => id.startsWith(`${subject}/`));
  const { [title]: _, ...others } = readUses(file);
  const groups = own.length === 0 ? others : { ...others, [title]: Object.fromEntries(own) };
  if (Object.keys(groups).length > 0) writeJson(file, sorted(groups));
  else rmSync(file, { force: true });
}

function readGroups({ groups }: RecordFiles): Record<string, number> {
  return existsSync(groups) ? readJson(groups) : {};
}

function readUses(file: string): Uses {
  return existsSync(file) ? readJson(file) : {};
}

function readJson<Value>(file: string): Value {
  return JSON.parse(readFileSync(file, "utf8"));
}

function writeJson(file: string, value: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b)));
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
