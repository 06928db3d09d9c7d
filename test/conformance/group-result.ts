import { Agreement } from "./agreement.js";
import { compareCapture } from "./compare-capture.js";
import type { Difference } from "./difference.js";
import type { KnownDifference } from "./known-difference.js";

/** What a group of captures came to. */
export interface GroupResult {
  readonly title: string;
  /** Captures that were compared. */
  captures: number;
  /** Names of those that tshark or the project does not open. */
  readonly unread: string[];
  /** By resource, and `layers`. */
  readonly agreements: Map<string, Agreement>;
  readonly unexplained: Difference[];
  /** How often each reason explained a difference. */
  readonly explained: Map<KnownDifference, number>;
}

/** How {@link compareGroup} runs. */
export interface GroupOptions {
  /** Captures at a time. */
  readonly jobs: number;
  /** Nothing but this resource is compared, if given. */
  readonly protocol?: string;
  /** Called after each capture with how many are done. */
  readonly onProgress?: (done: number) => void;
}

/** Compares the captures of a group. */
export async function compareGroup(
  title: string,
  paths: readonly string[],
  options: GroupOptions,
): Promise<GroupResult> {
  const group: GroupResult = {
    title,
    captures: 0,
    unread: [],
    agreements: new Map(),
    unexplained: [],
    explained: new Map(),
  };
  const queue = [...paths];
  let done = 0;
  const work = async () => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      await addCapture(group, path, options.protocol);
      options.onProgress?.(++done);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  sortResults(group);
  return group;
}

/** Compares one capture and adds what came of it to a group. */
export async function addCapture(group: GroupResult, path: string, protocol?: string): Promise<void> {
  const comparison = await compareCapture(path, protocol);
  if (comparison === undefined) {
    group.unread.push(path.slice(path.lastIndexOf("/") + 1));
    return;
  }
  group.captures++;
  for (const [name, agreement] of comparison.agreements) {
    const total = group.agreements.get(name) ?? new Agreement();
    total.merge(agreement);
    group.agreements.set(name, total);
  }
  group.unexplained.push(...comparison.unexplained);
  for (const [, known] of comparison.explained) group.explained.set(known, (group.explained.get(known) ?? 0) + 1);
}

/** Captures end in any order; reports do not differ by that. */
function sortResults({ agreements, unexplained, explained, unread }: GroupResult): void {
  unread.sort();
  unexplained.sort((a, b) => a.capture.localeCompare(b.capture) || a.frame - b.frame || a.field.localeCompare(b.field));
  sortMap(agreements, (name) => name);
  sortMap(explained, ({ id }) => id);
}

function sortMap<K, V>(map: Map<K, V>, nameOf: (key: K) => string): void {
  const entries = [...map].sort(([a], [b]) => nameOf(a).localeCompare(nameOf(b)));
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
