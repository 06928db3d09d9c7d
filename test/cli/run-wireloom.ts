import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../runtime/cli/wireloom.ts", import.meta.url));

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `wireloom` command that runs. */
export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves with the match once standard error has it. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts `wireloom` from its source, as a process of its own. */
export function startWireloom(
  args: readonly string[],
  options: { cwd?: string; input?: Uint8Array; keepsInput?: boolean } = {},
): Running {
  const tsx = import.meta.resolve("tsx");
  const child = spawn(process.execPath, ["--import", tsx, SCRIPT, ...args], { cwd: options.cwd });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  if (options.keepsInput !== true) child.stdin.end(options.input ?? new Uint8Array(0));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    process: child,
    finished,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stderr);
          if (match !== null) resolve(match);
        };
        child.stderr.on("data", look);
        child.on("close", () => reject(new Error(`wireloom ended without saying ${pattern}: ${stderr}`)));
        look();
      }),
  };
}

/** Runs `wireloom` to its end. */
export function runWireloom(
  args: readonly string[],
  options: { cwd?: string; input?: Uint8Array } = {},
): Promise<Finished> {
  return startWireloom(args, options).finished;
}
