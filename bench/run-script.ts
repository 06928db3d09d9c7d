import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childrenProcessorSeconds } from "./children-time.js";
import { PEERS_VARIABLE, REPORTS_VARIABLE, type Report } from "./measure.js";

/** What a benchmark's script came to. */
export interface ScriptRun {
  readonly isOk: boolean;
  readonly reports: readonly Report[];
  /** What it printed, where that is not shown. */
  readonly output: string;
  readonly seconds: number;
  /** Of the script and of its children; undefined if the system does not report it. */
  readonly processorSeconds: number | undefined;
}

/** How a script is run. */
export interface ScriptOptions {
  readonly hasPeers: boolean;
  /** False to keep what it prints instead of showing it. */
  readonly isShown: boolean;
}

const BUNDLE_SCRIPT = fileURLToPath(new URL("bundle-script.ts", import.meta.url));

/** Bundles a script, runs it in a tree of the project, and collects what it reports. */
export function runScript(tree: string, path: string, { hasPeers, isShown }: ScriptOptions): ScriptRun {
  const bundling = spawnSync(process.execPath, ["--import", "tsx", BUNDLE_SCRIPT, tree, path], { encoding: "utf8" });
  if (bundling.status !== 0) {
    if (isShown) process.stderr.write(bundling.stderr);
    return { isOk: false, reports: [], output: bundling.stderr, seconds: 0, processorSeconds: undefined };
  }
  const script = bundling.stdout.trim();
  const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
  const file = join(folder, "reports.ndjson");
  const before = childrenProcessorSeconds();
  const started = performance.now();
  const { status, stdout } = spawnSync(process.execPath, [script], {
    cwd: tree,
    env: { ...process.env, [REPORTS_VARIABLE]: file, [PEERS_VARIABLE]: hasPeers ? "1" : "0" },
    stdio: isShown ? "inherit" : ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  const seconds = (performance.now() - started) / 1000;
  const after = childrenProcessorSeconds();
  const processorSeconds = before === undefined || after === undefined ? undefined : after - before;
  const reports = readReports(file);
  rmSync(folder, { recursive: true });
  rmSync(script, { force: true });
  return { isOk: status === 0, reports, output: stdout ?? "", seconds, processorSeconds };
}

function readReports(file: string): Report[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Report);
}
