import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeDnsCapture } from "../../bench/traffic/dns.js";
import { BUILT_COMMAND } from "../cli/built-command.js";
import { killCollector } from "./kill-collector.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-restarts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// `npm run faults` does the same with a file of a million packets and twenty kills.
it("an agent that reads a capture lives through kills of its collector, and every row is stored once", async () => {
  const capture = join(folder, "dns.pcap");
  const packets = 60_000;
  writeDnsCapture(capture, packets);
  const result = await killCollector({
    wireloom: [BUILT_COMMAND],
    capture,
    inPieces: true,
    store: join(folder, "rows.duckdb"),
    kills: 3,
    minMs: 1500,
    maxMs: 5000,
  });
  expect(result.kills).toBe(3);
  expect(result.agentCode, result.agentStderr).toBe(0);
  expect(result.state).toBe("ended");
  // The capture has pairs of a query and its response, a row each; the last packet may lack its partner.
  expect(result.rows).toBeGreaterThanOrEqual(packets / 2);
  expect(result.rows).toBeLessThan(packets / 2 + 50);
  expect(result.distinctIds).toBe(result.rows);
});
