import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { BUILT_COMMAND } from "./built-command.js";

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
  /** Resolves with the match once standard output has it. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
}

/** How a command is started. */
export interface StartOptions {
  readonly cwd?: string;
  /** What standard input holds; `keepsInput` leaves it open after that. */
  readonly input?: Uint8Array;
  readonly keepsInput?: true;
  /** A file that standard input is, in place of a pipe. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the command given to it, such as setpriv(1) with its options. */
  readonly wrapper?: readonly string[];
}

/** Starts `wireloom`, as it was built, as a process of its own. */
export function startWireloom(args: readonly string[], options: StartOptions = {}): Running {
  const file = options.stdin === undefined ? undefined : openSync(options.stdin, "r");
  const [command, ...words] = [...(options.wrapper ?? []), process.execPath, BUILT_COMMAND, ...args];
  const child = spawn(command!, words, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [file ?? "pipe", "pipe", "pipe"],
  });
  if (file !== undefined) closeSync(file);
  let stdout = "";
  let stderr = "";
  // Both are pipes, as `stdio` says.
  const output = child.stdout!;
  const errors = child.stderr!;
  output.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  errors.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin?.on("error", () => {}).write(options.input ?? new Uint8Array(0));
  if (options.keepsInput === undefined) child.stdin?.end();
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    process: child,
    finished,
    says: (pattern) => appears(child, errors, () => stderr, pattern),
    prints: (pattern) => appears(child, output, () => stdout, pattern),
  };
}

/** Resolves with the match once a stream's text has it; rejects when the process ends without. */
function appears(
  child: ChildProcess,
  stream: NodeJS.ReadableStream,
  text: () => string,
  pattern: RegExp,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const match = pattern.exec(text());
      if (match !== null) resolve(match);
    };
    stream.on("data", look);
    child.on("close", () => reject(new Error(`wireloom ended without ${pattern}: ${text()}`)));
    look();
  });
}

/** Runs `wireloom` to its end. */
export function runWireloom(args: readonly string[], options: StartOptions = {}): Promise<Finished> {
  return startWireloom(args, options).finished;
}
