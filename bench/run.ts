import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { BENCHMARKS, selectBenchmarks } from "./benchmarks.js";
import type { Comparison } from "./compare/compare-figures.js";
import { compareTrees } from "./compare/compare-trees.js";
import { prepareTree } from "./compare/prepare-tree.js";
import { type BenchmarkResult, writeResults } from "./results.js";
import { runScript } from "./run-script.js";

/** How much worse a figure may become before a comparison fails. */
const TOLERANCE = 0.05;
const ROOT = fileURLToPath(new URL("../", import.meta.url));

interface RunOptions {
  readonly compare?: string;
  readonly rounds: number;
  readonly results?: string;
}

const command = new Command("npm run bench --")
  .description("Run benchmarks, each beside its peers, or compare this tree with a commit")
  .argument("[word...]", "benchmarks whose name holds one of the words (default: all)")
  .option(
    "--compare <commit>",
    "run them in turn on a commit and on this tree, and name what became worse by more than 5 %",
  )
  .option("--rounds <count>", "rounds of a comparison", wholeNumber, 3)
  .option("--results <folder>", "where the results are kept, as JSON (default: bench/results)")
  .addHelpText("after", `\nBenchmarks:\n${BENCHMARKS.map(({ script }) => `  ${script}\n`).join("")}`)
  .addHelpText(
    "after",
    "A comparison leaves out peers, and decode/soak.ts unless it is named. It ends with 1 when a figure became worse.",
  )
  .action((words: string[], options: RunOptions) => {
    const results = options.compare === undefined ? runAll(words) : compareAll(words, options.compare, options.rounds);
    console.log(`\nresults: ${writeResults(options.results ?? join(ROOT, "bench", "results"), ROOT, results)}`);
  });
command.parse();

/** Runs benchmarks, their reports shown as they come. */
function runAll(words: readonly string[]): BenchmarkResult[] {
  return selected(words).map(({ script }) => {
    console.log(`\n# ${script}`);
    const run = runScript(ROOT, `bench/${script}`, { hasPeers: true, isShown: true });
    if (!run.isOk) process.exitCode = 1;
    const { isOk, seconds, processorSeconds = null, reports } = run;
    return { script, isOk, seconds, processorSeconds, reports };
  });
}

function compareAll(words: readonly string[], revision: string, rounds: number): BenchmarkResult[] {
  const benchmarks = selected(words).filter(({ isLong }) => words.length > 0 || isLong !== true);
  console.log(`preparing ${revision} …`);
  const other = prepareTree(ROOT, revision);
  process.once("exit", () => other.remove());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const worse: Comparison[] = [];
  const results = benchmarks.map((benchmark) => {
    console.log(`\n# ${benchmark.script}, ${other.commit.slice(0, 12)} and this tree in turn, ${rounds} rounds`);
    const { comparisons, result } = compareTrees(ROOT, other, benchmark, rounds);
    if (!result.isOk) process.exitCode = 1;
    if (comparisons.length === 0) console.log("nothing that both report");
    for (const comparison of comparisons) console.log(describe(comparison));
    worse.push(...comparisons.filter(({ worseBy }) => worseBy > TOLERANCE));
    return result;
  });
  console.log(worse.length === 0 ? "\nnothing became worse by more than 5 %" : "\nworse by more than 5 %:");
  for (const comparison of worse) console.log(describe(comparison));
  if (worse.length > 0) process.exitCode = 1;
  return results;
}

function selected(words: readonly string[]) {
  const benchmarks = selectBenchmarks(words);
  if (benchmarks.length === 0)
    command.error(`there is no benchmark with ${words.join(" or ")} in its name; see --help`);
  return benchmarks;
}

/** Such as `encode dns, ours/s (higher is better): 740 000 → 745 000, 0.7 % better (0.1 % worse to 1.2 % better)`. */
function describe({ name, key, direction, before, now, worseBy, range }: Comparison): string {
  const [best, worst] = range.map(percent);
  return `${name}, ${key} (${direction} is better): ${number(before)} → ${number(now)}, ${percent(worseBy)} (${worst} to ${best})`;
}

function percent(worseBy: number): string {
  return `${(Math.abs(worseBy) * 100).toFixed(1)} % ${worseBy > 0 ? "worse" : "better"}`;
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en").replaceAll(",", " ") : value.toPrecision(3);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("it is a whole number from 1 on");
  return value;
}
