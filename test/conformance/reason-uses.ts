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

/** The groups that were recorded, by title. */
const groupsFile = fileURLToPath(new URL("recorded-groups.json", import.meta.url));
/** Uses of the reasons for layers. Those of a plugin's reasons are in the folder `conformance` of the plugin. */
const layersFile = fileURLToPath(new URL("reason-uses.json", import.meta.url));

/** The groups that were recorded, by title. */
export function readRecordedUses(): Readonly<Record<string, RecordedUses>> {
  const files = [layersFile, ...[...pluginFolders.values()].map(fileIn)].map(readUses);
  const groups = Object.entries(readJson<Record<string, number>>(groupsFile));
  return Object.fromEntries(
    groups.map(([title, unexplained]) => [
      title,
      { unexplained, uses: Object.assign({}, ...files.map((uses) => uses[title] ?? {})) },
    ]),
  );
}

/** Records a group, in the place of what was recorded under its title. */
export function recordUses(group: GroupResult): void {
  const { unexplained, uses } = usesOf(group);
  writeJson(groupsFile, sorted({ ...readJson<Record<string, number>>(groupsFile), [group.title]: unexplained }));
  recordIn(layersFile, group.title, "layers", uses);
  for (const [resource, folder] of pluginFolders) recordIn(fileIn(folder), group.title, resource, uses);
}

/** Writes the uses of one subject's reasons to its file; a file without any is removed. */
function recordIn(file: string, title: string, subject: string, uses: Readonly<Record<string, number>>): void {
  const own = Object.entries(uses).filter(([id]) => id.startsWith(`${subject}/`));
  const { [title]: _, ...others } = readUses(file);
  const groups = own.length === 0 ? others : { ...others, [title]: Object.fromEntries(own) };
  if (Object.keys(groups).length > 0) writeJson(file, sorted(groups));
  else rmSync(file, { force: true });
}

function fileIn(folder: string): string {
  return join(folder, "conformance", "reason-uses.json");
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
