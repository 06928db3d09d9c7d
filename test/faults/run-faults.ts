import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeDnsCapture } from "../../bench/traffic/dns.js";
import { killCollector } from "./kill-collector.js";

const PACKETS = 1_000_000;
const KILLS = 20;
const WIRELOOM = fileURLToPath(new URL("../../dist/runtime/cli/bin.cjs", import.meta.url));

// The collector is killed 20 times while an agent reads a million packets: every row is stored once, and the agent ends
// well. `npm run faults` builds before it.
const folder = mkdtempSync(join(tmpdir(), "wireloom-faults-"));
try {
  const capture = join(folder, "dns.pcap");
  writeDnsCapture(capture, PACKETS);
  const undisturbed = { wireloom: [WIRELOOM], capture, kills: 0, minMs: 0, maxMs: 0, store: join(folder, "a.duckdb") };
  const expected = await killCollector(undisturbed);
  const result = await killCollector({
    ...undisturbed,
    store: join(folder, "b.duckdb"),
    kills: KILLS,
    minMs: 400,
    maxMs: 1600,
  });
  console.log({ expected: { ...expected, agentStderr: "" }, result: { ...result, agentStderr: "" } });
  const isRight =
    result.agentCode === 0 &&
    result.kills === KILLS &&
    result.rows === expected.rows &&
    result.distinctIds === expected.rows &&
    result.agentRows === expected.agentRows &&
    result.state === "ended";
  if (!isRight) {
    console.log(result.agentStderr);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
