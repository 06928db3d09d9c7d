import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../dist/runtime/cli/bin.cjs", import.meta.url));

/** A collector that runs as a process of its own, as users start it. */
export class CollectorProcess {
  readonly url: string;
  /** What it wrote on standard error. */
  log = "";
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Starts a collector on a free port with a database file. */
  static async start(databasePath: string): Promise<CollectorProcess> {
    const args = ["collector", "--listen", "127.0.0.1:0", "--store", `duckdb:${databasePath}`];
    const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    const url = await new Promise<string>((resolve, reject) => {
      child.stderr!.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        const match = /listening on (\S+),/.exec(log);
        if (match !== null) resolve(match[1]!);
      });
      child.once("close", () => reject(new Error(`the collector ended: ${log}`)));
    });
    const collector = new CollectorProcess(url, child);
    child.stderr!.on("data", (text: string) => {
      collector.log += text;
    });
    return collector;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** False once the process has ended. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resident memory in MiB (proc(5), statm). */
  get residentMiB(): number {
    const pages = Number(readFileSync(`/proc/${this.#child.pid}/statm`, "utf8").split(" ")[1]);
    return (pages * 4096) / 1048576;
  }

  /** Ends it as an operator does; resolves with the exit code. */
  async stop(): Promise<number | null> {
    if (!this.isRunning) return this.#child.exitCode;
    const closed = new Promise<void>((resolve) => this.#child.once("close", () => resolve()));
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 20_000);
    await closed;
    clearTimeout(timer);
    return this.#child.exitCode;
  }
}
