import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { runWireloom, startWireloom } from "./run-wireloom.js";

const CAPTURE = fileURLToPath(new URL("../../plugins/dns/captures/record-types.pcap", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wireloom-e2e-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Rows = { data: Record<string, unknown>[] };

it("rows go from a capture through agent and collector to REST as `decode` prints them, and stay in the store", async () => {
  const store = `duckdb:${join(folder, "rows.duckdb")}`;
  const collector = startWireloom(["collector", "--listen", "127.0.0.1:0", "--store", store]);
  const url = (await collector.says(/listening on (http:\S+),/))[1]!;
  const agent = await runWireloom([
    "agent",
    "--read",
    CAPTURE,
    "--collector",
    url,
    "--id",
    "probe-1",
    "--label",
    "site=lab",
  ]);
  expect(agent.code).toBe(0);

  const decoded = await runWireloom(["decode", CAPTURE, "-p", "dns", "-q"]);
  const expected = decoded.stdout
    .trim()
    .split("\n")
    .map((line) => {
      const { protocol, ...row } = JSON.parse(line);
      expect(protocol).toBe("dns");
      return { ...row, id: "", agent_id: "probe-1" };
    });
  const get = async (path: string) => (await (await fetch(url + path)).json()) as Rows;
  const { data } = await get("/v1/agents/probe-1/dns?order_by=time,frame_number&page_size=1000");
  expect(data.map((row) => ({ ...row, id: "" }))).toEqual(
    expected.toSorted((a, b) => a.time.localeCompare(b.time) || a.frame_number - b.frame_number),
  );
  const agents = await get("/v1/agents");
  expect(agents.data).toMatchObject([{ id: "probe-1", labels: { site: "lab" } }]);

  collector.process.kill("SIGINT");
  expect((await collector.finished).code).toBe(0);
  const again = startWireloom(["collector", "--listen", "127.0.0.1:0", "--store", store]);
  const secondUrl = (await again.says(/listening on (http:\S+),/))[1]!;
  const kept = (await (await fetch(`${secondUrl}/v1/dns?count=exact&page_size=1`)).json()) as Rows & { count: number };
  expect(kept.count).toBe(expected.length);
  again.process.kill("SIGTERM");
  expect((await again.finished).code).toBe(0);
});

it("an agent sends the rows that a filter leaves, of the protocols asked for, and says what it does", async () => {
  const collector = startWireloom(["collector", "--listen", "127.0.0.1:0", "--store", "duckdb::memory:"]);
  const url = (await collector.says(/listening on (http:\S+),/))[1]!;
  const options = ["--read", CAPTURE, "--id", "probe-2", "--protocol", "DNS,flow", "--filter", "dst_port_eq=53"];
  const agent = await runWireloom(["agent", "--collector", url, ...options]);
  expect(agent.stderr.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /, "")).toMatch(
    new RegExp(`^wireloom: reading ${CAPTURE}, sending to ${url}\n`),
  );
  expect(agent.code).toBe(0);
  const decoded = await runWireloom(["decode", CAPTURE, "-q", "-p", "dns,flow", "-F", "dst_port_eq=53"]);
  const printed = decoded.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const protocol of ["dns", "flow", "icmp"]) {
    const answer = (await (await fetch(`${url}/v1/${protocol}?count=exact`)).json()) as Rows & { count: number };
    expect([protocol, answer.count]).toEqual([protocol, printed.filter((row) => row["protocol"] === protocol).length]);
  }
  const rows = printed.filter((row) => row["protocol"] === "flow").length;
  expect(agent.stderr).toMatch(new RegExp(`^flow: ${rows} of \\d+ rows`, "m"));
  expect(agent.stderr).not.toMatch(/^icmp/m);
  collector.process.kill("SIGINT");
  // Each line has its time, with the agent's coming and going among them.
  const lines = (await collector.finished).stderr.trimEnd().split("\n");
  expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ wireloom: /, ""))).toEqual([
    `listening on ${url}, keeping rows in duckdb::memory:`,
    expect.stringMatching(/^agent probe-2 on host \S+ is connected$/),
    expect.stringMatching(/^agent probe-2 on host \S+ has ended$/),
    "stopping: committing the rows that agents have sent",
    "ended",
  ]);
});

it("an agent that receives SIGTERM while its collector is down reports that it waits", async () => {
  const agent = startWireloom(["agent", "--read", CAPTURE, "--collector", "http://127.0.0.1:1", "--give-up", "600"]);
  await agent.says(/cannot be reached .* trying again/);
  // The capture is read meanwhile, which is said only once its rows are stored.
  await setTimeout(2000);
  agent.process.kill("SIGTERM");
  await agent.says(
    /stopping: the collector at http:\/\/127\.0\.0\.1:1 has up to 15 s for the last rows; a second signal ends at once/,
  );
  agent.process.kill("SIGTERM");
  expect((await agent.finished).code).toBe(143);
});
