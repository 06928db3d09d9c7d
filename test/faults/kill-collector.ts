import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** What is done to a collector while an agent reads a file. */
export interface KillPlan {
  /** Arguments of Node that run `wireloom`. */
  readonly wireloom: readonly string[];
  readonly capture: string;
  /**
   * Whether the agent reads the capture from its standard input, where the last piece of it comes after the last kill: every kill then comes
   * before the agent's end, however fast the machine is. Otherwise it reads the file.
   */
  readonly inPieces?: boolean;
  /** Path of the DuckDB file. */
  readonly store: string;
  readonly kills: number;
  /** Milliseconds from the agent's start or the collector's restart to each kill: a random time between these. */
  readonly minMs: number;
  readonly maxMs: number;
}

/** What came of it. */
export interface KillResult {
  /** Kills before the agent ended. */
  readonly kills: number;
  readonly agentCode: number | null;
  readonly agentStderr: string;
  /** Rows of `dns` in the database afterwards, their distinct ids, and those that the collector counts for the agent of all kinds. */
  readonly rows: number;
  readonly distinctIds: number;
  readonly agentRows: number;
  readonly state: string;
}

/** Runs `wireloom agent` over a capture, and kills its collector with SIGKILL repeatedly, each time with an immediate restart. */
export async function killCollector(plan: KillPlan): Promise<KillResult> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = (...args: readonly string[]) =>
    spawn(process.execPath, [...plan.wireloom, ...args], { stdio: ["pipe", "ignore", "pipe"] });
  const startCollector = () => start("collector", "--listen", `127.0.0.1:${port}`, "--store", `duckdb:${plan.store}`);
  let collector = startCollector();
  const input = plan.inPieces ? "-" : plan.capture;
  const agent = start("agent", "--read", input, "--id", "probe", "--collector", url);
  const pieces = plan.inPieces ? split(readFileSync(plan.capture), plan.kills + 1) : [];
  agent.stdin.on("error", () => {});
  let agentStderr = "";
  agent.stderr.setEncoding("utf8").on("data", (text: string) => {
    agentStderr += text;
  });
  let hasEnded = false;
  const ended = exitOf(agent).then((code) => {
    hasEnded = true;
    return code;
  });
  let kills = 0;
  for (; kills < plan.kills; kills++) {
    await writePiece(agent.stdin, pieces.shift());
    await Promise.race([pause(plan.minMs + Math.random() * (plan.maxMs - plan.minMs)), ended]);
    if (hasEnded) break;
    const gone = exitOf(collector);
    collector.kill("SIGKILL");
    await gone;
    collector = startCollector();
  }
  await writePiece(agent.stdin, pieces.shift());
  agent.stdin.end();
  const agentCode = await ended;
  try {
    await untilListening(url);
    return { kills, agentCode, agentStderr, ...(await readResult(url)) };
  } finally {
    const gone = exitOf(collector);
    collector.kill("SIGTERM");
    await gone;
  }
}

async function readResult(url: string): Promise<Pick<KillResult, "rows" | "distinctIds" | "agentRows" | "state">> {
  const agent = (await (await fetch(`${url}/v1/agents/probe`)).json()) as { rows: number; state: string };
  const ids = new Set<string>();
  let rows = 0;
  const response = await fetch(`${url}/v1/dns?fields=id&order_by=id`, { headers: { accept: "application/x-ndjson" } });
  let rest = "";
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    rows += lines.length;
    for (const line of lines) ids.add(line);
  }
  return { rows, distinctIds: ids.size, agentRows: agent.rows, state: agent.state };
}

function split(bytes: Buffer, count: number): Buffer[] {
  const length = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}

/** Resolves once the piece has been taken over by the pipe. An agent that has gone shows by its exit code. */
function writePiece(pipe: Writable, piece: Buffer | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (piece === undefined) resolve();
    else pipe.write(piece, () => resolve());
  });
}

async function untilListening(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await fetch(`${url}/openapi.json`);
      return;
    } catch (error) {
      if (attempt > 300) throw error;
      await pause(100);
    }
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("close", resolve));
}

/** A port without a listener: the collector has to come back on the same one. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
