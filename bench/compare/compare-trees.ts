import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark } from "../benchmarks.js";
import type { Report } from "../measure.js";
import type { BenchmarkResult } from "../results.js";
import { runScript } from "../run-script.js";
import { type Comparison, compareFigures } from "./compare-figures.js";
import { parseOutput } from "./parse-output.js";
import { OWN_BENCHMARKS, type PreparedTree } from "./prepare-tree.js";

const OPTIONS = { hasPeers: false, isShown: false } as const;

/** A benchmark's comparisons, and the figures of this tree. */
export interface ComparedBenchmark {
  readonly comparisons: readonly Comparison[];
  readonly result: BenchmarkResult;
}

/**
 * Runs one benchmark in turn on the other tree and on this one, round by round, so that a machine that slows down slows both. Where
 * this version's script cannot run on the other tree, that tree's own script does.
 */
export function compareTrees(
  root: string,
  other: PreparedTree,
  { script }: Benchmark,
  rounds: number,
): ComparedBenchmark {
  const before: (readonly Report[])[] = [];
  const now: (readonly Report[])[] = [];
  let isOk = true;
  let seconds = 0;
  let processorSeconds = 0;
  for (let round = 0; round < rounds; round++) {
    before.push(runOther(other, script));
    const run = runScript(root, join("bench", script), OPTIONS);
    isOk &&= run.isOk;
    seconds += run.seconds;
    processorSeconds += run.processorSeconds ?? Number.NaN;
    now.push(run.reports);
  }
  return {
    comparisons: compareFigures(before, now),
    result: {
      script,
      isOk,
      seconds,
      processorSeconds: Number.isNaN(processorSeconds) ? null : processorSeconds,
      reports: now.flat(),
    },
  };
}

function runOther({ path }: PreparedTree, script: string): readonly Report[] {
  const run = runScript(path, join("bench", script), OPTIONS);
  if (run.isOk && run.reports.length > 0) return run.reports;
  const own = join(OWN_BENCHMARKS, script);
  return existsSync(join(path, own)) ? parseOutput(runScript(path, own, OPTIONS).output) : [];
}
