import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeDnsCapture } from "../../bench/traffic/dns.js";
import { type Running, runWireloom, startWireloom } from "./run-wireloom.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-again-"));
const plain = join(folder, "plain.pcap");
const gzipped = join(folder, "gzipped.pcap.gz");
const second = join(folder, "second.pcap");
let collector: Running;
let url: string;

beforeAll(async () => {
  writeDnsCapture(plain, 60_000);
  writeDnsCapture(second, 2000);
  writeFileSync(gzipped, gzipSync(readFileSync(plain), { level: 1 }));
  const store = `duckdb:${join(folder, "rows.duckdb")}`;
  collector = startWireloom(["collector", "--listen", "127.0.0.1:0", "--store", store]);
  url = (await collector.says(/listening on (http:\S+),/))[1]!;
});

afterAll(async () => {
  collector.process.kill("SIGTERM");
  await collector.finished;
  rmSync(folder, { recursive: true, force: true });
});

const agent = (id: string, ...files: string[]) => ["agent", "--id", id, "--collector", url, "--read", ...files];

async function idsOf(id: string, resource: string): Promise<string[]> {
  const headers = { accept: "application/x-ndjson" };
  const response = await fetch(`${url}/v1/agents/${id}/${resource}?fields=id&order_by=id`, { headers });
  return (await response.text()).trim().split("\n");
}

it.each([
  ["a file", [plain], 2],
  ["a gzipped file", [gzipped], 1],
  ["several files", [second, plain], 1],
])("%s, read again after the agent was killed, stores each row once", async (_, files, kills) => {
  const whole = `whole-${files.length}-${files[0]!.endsWith("gz")}`;
  expect((await runWireloom(agent(whole, ...files))).code).toBe(0);
  const expected = { dns: (await idsOf(whole, "dns")).length, flow: (await idsOf(whole, "flow")).length };
  expect(expected.dns).toBeGreaterThanOrEqual(30_000);

  const id = `killed-${whole}`;
  for (let kill = 0; kill < kills; kill++) {
    const running = startWireloom(agent(id, ...files));
    const hasRows = async () => {
      const response = await fetch(`${url}/v1/agents/${id}`);
      return response.ok && ((await response.json()) as { rows: number }).rows > kill * 10_000;
    };
    await Promise.race([expect.poll(hasRows, { timeout: 30_000, interval: 20 }).toBe(true), running.finished]);
    running.process.kill("SIGKILL");
    await running.finished;
  }
  const last = await runWireloom(agent(id, ...files));
  expect(last.code, last.stderr).toBe(0);
  for (const resource of ["dns", "flow"] as const) {
    const ids = await idsOf(id, resource);
    expect(ids.length).toBe(expected[resource]);
    expect(new Set(ids).size).toBe(expected[resource]);
  }

  const again = await runWireloom(agent(id, ...files));
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).toContain("wireloom: every row of the input is already stored\n");
  expect(await idsOf(id, "dns")).toHaveLength(expected.dns);
});

it("another option that changes rows makes rows of its own", async () => {
  expect((await runWireloom(agent("options", second))).code).toBe(0);
  const once = (await idsOf("options", "dns")).length;
  const other = await runWireloom([...agent("options", second), "--limit", "idle_timeout_ms=59000"]);
  expect(other.stderr).not.toContain("already stored");
  expect(await idsOf("options", "dns")).toHaveLength(once * 2);
  const label = await runWireloom([...agent("options", second), "--label", "site=lab"]);
  expect(label.stderr).toContain("already stored");
});

it("SIGHUP ends an agent as SIGTERM does, and flushes it", async () => {
  const running = startWireloom(agent("hangup", "-"), { keepsInput: true });
  const capture = readFileSync(second);
  running.process.stdin!.write(capture);
  const packets = async () => {
    const response = await fetch(`${url}/v1/agents/hangup`);
    return response.ok
      ? ((await response.json()) as { counters: Record<string, number> }).counters["capture.packets"]
      : 0;
  };
  await expect.poll(packets, { timeout: 30_000 }).toBeGreaterThanOrEqual(2000);
  running.process.kill("SIGHUP");
  const { code, stderr } = await running.finished;
  expect(code, stderr).toBe(0);
  // Flows end with their conversations, or when the agent ends.
  expect(await idsOf("hangup", "flow")).toHaveLength(
    Number(/flow: (\d[\d ]*) rows/.exec(stderr)![1]!.replaceAll(" ", "")),
  );
});
