import { execFileSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { registry } from "../../generated/registry.js";
import { defaultLimits } from "../../runtime/agent/engine-limits.js";
import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { DecoderBench, type RowObject } from "../../runtime/plugin/testing/decoder-bench.js";
import { WireloomError } from "../../runtime/wireloom-error.js";
import { Agreement } from "./agreement.js";
import { compareCapture, explainDifferences } from "./compare-capture.js";
import { describeDifference } from "./comparison.js";
import { comparisonPlans } from "./comparison-plans.js";
import { formatReport, type GroupResult, percent } from "./conformance-report.js";
import { compareConversations } from "./conversations.js";
import { compareLayers, type FrameLayers, readFrameLayers } from "./layer-frames.js";

const USAGE = `Usage: npm run conformance -- [--own] [--write] [--list] [--protocol NAME] [--jobs N] [DIR…]

Compares the rows, layers and conversations of captures with tshark's reading of them: of all capture files below each DIR, or of the
project's own captures where no DIR is given.

  --own              the project's own captures besides those below each DIR
  --write            write docs/conformance.md, with the project's own captures in it
  --list             print every difference that has no known reason
  --protocol NAME    one plugin only
  --jobs N           captures at a time (2)`;

const root = fileURLToPath(new URL("../../", import.meta.url));
const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    own: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    protocol: { type: "string" },
    jobs: { type: "string", default: "2" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit();
}

const missing = folders.find((folder) => !statSync(folder, { throwIfNoEntry: false })?.isDirectory());
if (missing !== undefined) {
  console.error(`${missing} is not a folder\n\n${USAGE}`);
  process.exit(2);
}
const groups: GroupResult[] = [];
if (options.own || options.write || folders.length === 0)
  groups.push(await compareGroup("The project's captures", ownCaptures()));
for (const folder of folders) {
  groups.push(await compareGroup(basename(folder), capturesBelow(folder)));
}
for (const group of groups) {
  printSummary(group);
  if (options.list) for (const difference of group.unexplained) console.log(describeDifference(difference));
}
printProtocolsWithoutPlan();
if (options.write) {
  const tshark = /\d+\.\d+\.\d+/.exec(execFileSync("tshark", ["--version"], { encoding: "utf8" }))?.[0];
  writeFileSync(
    join(root, "docs/conformance.md"),
    formatReport(groups, `tshark ${tshark}, Node ${process.versions.node}`),
  );
}
process.exitCode = groups.some(({ unexplained }) => unexplained.length > 0) ? 1 : 0;

async function compareGroup(title: string, paths: readonly string[]): Promise<GroupResult> {
  const group: GroupResult = {
    title,
    captures: paths.length,
    unread: [],
    agreements: new Map(
      [...Object.keys(comparisonPlans), "layers", "conversations"].map((name) => [name, new Agreement()]),
    ),
    unexplained: [],
    explained: new Map(),
  };
  const queue = [...paths];
  let done = 0;
  const work = async () => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      await compareFile(path, group);
      if (process.stderr.isTTY || ++done % 50 === 0) process.stderr.write(`${title}: ${done} of ${paths.length}\r`);
    }
  };
  await Promise.all(Array.from({ length: Number(options.jobs) || 1 }, work));
  for (const [name, agreement] of group.agreements) if (agreement.total.compared === 0) group.agreements.delete(name);
  return group;
}

async function compareFile(path: string, group: GroupResult): Promise<void> {
  const name = basename(path);
  let layers: FrameLayers;
  try {
    layers = await readFrameLayers(path);
  } catch {
    group.unread.push(name);
    return;
  }
  const { duplicate_window_us } = defaultLimits;
  const bench = DecoderBench.configured({ limits: { duplicate_window_us } }, ...registry.plugins);
  if (!(await readTolerantly(path, (source) => bench.source(source)))) {
    group.unread.push(name);
    return;
  }
  bench.endInput();
  const rows = new Map(registry.plugins.map(({ table }) => [table.resource, bench.rows(table.resource)]));
  const seen = new Set(layers.protocols.flatMap((frame) => [...frame]));
  for (const [resource, plan] of Object.entries(comparisonPlans)) {
    if (options.protocol !== undefined && options.protocol !== resource) continue;
    const own = rows.get(resource) ?? [];
    if (own.length === 0 && !mentions(plan.displayFilter, seen)) continue;
    const comparison = await compareCapture(plan, path, name, own, {
      knownIds: layers.communityIds,
      isOfOthers: true,
    });
    group.agreements.get(resource)!.merge(comparison.agreement);
    record(group, comparison);
  }
  if (options.protocol !== undefined) return;
  await readTolerantly(path, (source) => compareLayers(source, layers.protocols, group.agreements.get("layers")!));
  const flows: readonly RowObject[] = rows.get("flow") ?? [];
  const differences = await compareConversations(path, name, flows, group.agreements.get("conversations")!);
  record(group, explainDifferences("conversations", differences, true));
}

function record(group: GroupResult, { unexplained, explained }: ReturnType<typeof explainDifferences>): void {
  group.unexplained.push(...unexplained);
  for (const [, known] of explained) group.explained.set(known, (group.explained.get(known) ?? 0) + 1);
}

/** Runs `read` over a capture up to its end or to where it breaks; false where it cannot be opened. */
async function readTolerantly(
  path: string,
  read: (source: Awaited<ReturnType<typeof openCaptureFile>>) => Promise<void>,
): Promise<boolean> {
  let source: Awaited<ReturnType<typeof openCaptureFile>>;
  try {
    source = await openCaptureFile(path);
  } catch (error) {
    if (error instanceof WireloomError) return false;
    throw error;
  }
  try {
    await read(source);
  } catch (error) {
    if (!(error instanceof WireloomError)) throw error;
  } finally {
    await source.close();
  }
  return true;
}

/** True when some protocol that a display filter asks for was seen. */
function mentions(displayFilter: string, seen: ReadonlySet<string>): boolean {
  const asked = displayFilter.match(/(?<![!\w.-])[a-z][\w-]*/g) ?? [];
  return asked.some((protocol) => seen.has(protocol));
}

/** Names the protocols that nothing is compared of, so that they are not taken for verified. */
function printProtocolsWithoutPlan(): void {
  const names = registry.plugins.map(({ table }) => table.resource).filter((name) => !(name in comparisonPlans));
  if (names.length > 0) console.log(`not compared, without a plan in comparison-plans.ts: ${names.join(", ")}`);
}

function printSummary({ title, captures, unread, agreements, unexplained, explained }: GroupResult): void {
  console.log(`${title}: ${captures} captures, ${unread.length} unread`);
  for (const [name, { total }] of agreements) {
    console.log(
      `  ${name.padEnd(14)} ${String(total.agreed).padStart(9)} of ${String(total.compared).padStart(9)} values  ${percent(total.agreed, total.compared)}`,
    );
  }
  let known = 0;
  for (const count of explained.values()) known += count;
  console.log(`  ${known} differences with a known reason, ${unexplained.length} without`);
}

function ownCaptures(): string[] {
  return capturesBelow(join(root, "plugins")).concat(capturesBelow(join(root, "runtime/packet")));
}

function capturesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(pcap|pcapng|cap)(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
