import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Report } from "./measure.js";

/** Where and of what figures were measured. */
export interface Circumstances {
  readonly commit: string;
  /** The tree differs from the commit. */
  readonly isChanged: boolean;
  readonly date: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** What one benchmark reported. */
export interface BenchmarkResult {
  readonly script: string;
  readonly isOk: boolean;
  readonly seconds: number;
  readonly processorSeconds: number | null;
  readonly reports: readonly Report[];
}

/** Writes the results of a run to a file of its own in `folder` and returns the file's path. */
export function writeResults(folder: string, root: string, benchmarks: readonly BenchmarkResult[]): string {
  const circumstances = describeCircumstances(root);
  mkdirSync(folder, { recursive: true });
  const stamp = circumstances.date.replaceAll(/[:.]/g, "-");
  const path = join(folder, `${stamp}-${circumstances.commit.slice(0, 12)}.json`);
  writeFileSync(path, `${JSON.stringify({ ...circumstances, benchmarks }, null, 2)}\n`);
  return path;
}

function describeCircumstances(root: string): Circumstances {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout?.trim() ?? "";
  const [processor] = cpus();
  return {
    commit: git("rev-parse", "HEAD") || "unknown",
    isChanged: git("status", "--porcelain") !== "",
    date: new Date().toISOString(),
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    processor: processor?.model ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
  };
}
