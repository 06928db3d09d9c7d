import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { capturesBelow, ownCaptures } from "./capture-paths.js";
import { comparisonPlans } from "./comparison-plans.js";
import { countProtocols, percent, percentSettled, updateReport } from "./conformance-report.js";
import { type Difference, describeDifference } from "./difference.js";
import { compareGroup, type GroupResult } from "./group-result.js";
import { OWN_CAPTURES } from "./own-title.js";
import { findGrowth, readRecordedUses, recordUses } from "./reason-uses.js";

/** Differences of a group that are printed without --list. */
const MAX_PRINTED = 20;

const USAGE = `Usage: npm run conformance -- [--name NAME] [--write] [--list] [--protocol NAME] [--jobs N] [DIR…]

Compares the rows, flows and layers of captures with tshark's reading of them: of the capture files below each DIR, or of the project's own
captures where no DIR is given. Exits with 1 when a reason explains more differences than recorded, or more differences have none.

  --name NAME        all DIRs are one group of captures, called NAME; without it each DIR is one, called as its folder
  --write            write the results to docs/conformance.md, and the uses of reasons to reason-uses.json in the plugins' folders
                     conformance and in test/conformance
  --list             print every difference without a reason, not only the first ${MAX_PRINTED}
  --protocol NAME    one protocol only, such as dns, or layers
  --jobs N           captures at a time; the number of processors where absent`;

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: "string" },
    write: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    protocol: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit();
}
const problem = findProblem();
if (problem !== undefined) {
  console.error(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

for (const [title, paths] of captureGroups()) {
  const group = await compareGroup(title, paths, {
    jobs: Number(options.jobs),
    ...(options.protocol !== undefined && { protocol: options.protocol }),
    onProgress: (done) => showProgress(title, done, paths.length),
  });
  printSummary(group);
  printDifferences(group.unexplained);
  if (options.write) write(group);
  else checkGrowth(group);
}
printProtocolsWithoutNames();

function findProblem(): string | undefined {
  const missing = folders.find((folder) => !statSync(folder, { throwIfNoEntry: false })?.isDirectory());
  if (missing !== undefined) return `${missing} is not a folder`;
  const { protocol, jobs, name, write: isWritten } = options;
  if (protocol !== undefined && !(protocol in comparisonPlans) && protocol !== "layers") {
    return `no plan compares ${protocol}`;
  }
  if (!/^[1-9]\d{0,2}$/.test(jobs)) return `--jobs ${jobs} is not a number of captures from 1 to 999`;
  if (isWritten && protocol !== undefined) return "--write needs the results of all protocols";
  if (name !== undefined && folders.length === 0) return "--name is for the captures of a DIR";
  return undefined;
}

function captureGroups(): [title: string, paths: string[]][] {
  if (folders.length === 0) return [[OWN_CAPTURES, ownCaptures()]];
  if (options.name !== undefined) return [[options.name, folders.flatMap(capturesBelow)]];
  return folders.map((folder) => [basename(folder), capturesBelow(folder)]);
}

/** On a terminal every capture counts, in a file every fiftieth. */
function showProgress(title: string, done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${title}: ${done} of ${total}${done === total ? "\n" : ""}`);
  else if (done % 50 === 0) process.stderr.write(`${title}: ${done} of ${total}\n`);
}

function printSummary(group: GroupResult): void {
  const { title, captures, unread, unexplained, explained } = group;
  console.log(`${title}: ${captures} captures, ${unread.length} unread`);
  for (const counts of countProtocols(group)) {
    const { name, compared, agreed } = counts;
    console.log(
      `  ${name.padEnd(8)} ${String(agreed).padStart(9)} of ${String(compared).padStart(9)} values agree, ${percent(agreed, compared)}; with reasons ${percentSettled(counts)}`,
    );
  }
  let known = 0;
  for (const count of explained.values()) known += count;
  console.log(`  ${known} differences with a reason, ${unexplained.length} without`);
}

function printDifferences(differences: readonly Difference[]): void {
  const printed = options.list ? differences : differences.slice(0, MAX_PRINTED);
  for (const difference of printed) console.log(describeDifference(difference));
  const left = differences.length - printed.length;
  if (left > 0) console.log(`and ${left} more, which --list prints`);
}

function write(group: GroupResult): void {
  recordUses(group);
  const report = new URL("../../docs/conformance.md", import.meta.url);
  const tshark = /\d+\.\d+\.\d+/.exec(execFileSync("tshark", ["--version"], { encoding: "utf8" }))?.[0];
  const versions = `tshark ${tshark}, Node ${process.versions.node}`;
  writeFileSync(report, updateReport(readFileSync(report, "utf8"), group, versions));
}

/** Of a group that is not recorded, every difference without a reason is too many. */
function checkGrowth(group: GroupResult): void {
  const recorded = readRecordedUses()[group.title];
  if (recorded === undefined) {
    if (group.unexplained.length > 0) process.exitCode = 1;
    return;
  }
  const grown = findGrowth(group, recorded);
  for (const line of grown) console.log(`  ${line}`);
  if (grown.length > 0) process.exitCode = 1;
}

/** Names the protocols of which no value of their own is compared, so that they are not treated as verified. */
function printProtocolsWithoutNames(): void {
  const names = Object.values(comparisonPlans)
    // Flows are compared with tshark's conversations.
    .filter((plan) => !plan.coversManyFrames && plan.isUnknown)
    .map(({ table }) => table.resource);
  if (names.length === 0) return;
  console.log(`only the observation is compared, as no column names a Wireshark field: ${names.join(", ")}`);
}
