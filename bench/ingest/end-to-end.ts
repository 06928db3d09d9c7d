import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { report } from "../measure.js";
import { writeDnsCapture } from "../traffic/dns.js";

const PACKETS = 1_000_000;
const SECONDS = 20;
const WIRELOOM = fileURLToPath(new URL("../../dist/runtime/cli/wireloom.js", import.meta.url));

// Agent and collector as two processes on this machine: an agent reads a DNS capture over and over, and the collector commits
// its rows to a DuckDB file. Reported are the rows committed a second and the most memory that each process had.
const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
try {
  const capture = join(folder, "dns.pcap");
  writeDnsCapture(capture, PACKETS);
  const collector = start(["collector", "--listen", "127.0.0.1:0", "--store", `duckdb:${join(folder, "rows.duckdb")}`]);
  const url = await new Promise<string>((resolve) => {
    collector.stderr.on("data", (text: Buffer) => {
      const match = /listening on (\S+),/.exec(text.toString());
      if (match !== null) resolve(match[1]!);
    });
  });
  const files = Array.from({ length: 60 }, () => capture);
  const agent = start(["agent", "--read", ...files, "--protocol", "dns", "--collector", url, "--id", "bench"]);

  const committed = async () => {
    const response = await fetch(`${url}/v1/agents`);
    const { data } = (await response.json()) as { data: { rows: number }[] };
    return data[0]?.rows ?? 0;
  };
  await sleep(3000);
  const before = await committed();
  const start0 = performance.now();
  let agentBytes = 0;
  let collectorBytes = 0;
  while (performance.now() - start0 < SECONDS * 1000) {
    await sleep(500);
    agentBytes = Math.max(agentBytes, residentBytes(agent.pid!));
    collectorBytes = Math.max(collectorBytes, residentBytes(collector.pid!));
  }
  const rows = (await committed()) - before;
  const seconds = (performance.now() - start0) / 1000;
  report("agent to collector to DuckDB", {
    "rows/s": rows / seconds,
    seconds,
    "agent MiB": agentBytes / 1048576,
    "collector MiB": collectorBytes / 1048576,
  });
  agent.kill("SIGINT");
  await new Promise((resolve) => agent.once("close", resolve));
  collector.kill("SIGINT");
  await new Promise((resolve) => collector.once("close", resolve));
} finally {
  rmSync(folder, { recursive: true });
}

function start(args: readonly string[]) {
  return spawn(process.execPath, [WIRELOOM, ...args], { stdio: ["ignore", "ignore", "pipe"] });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Resident memory of a process, in bytes (proc(5), statm). */
function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
  } catch {
    return 0;
  }
}
