import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newUplink } from "../../runtime/agent/testing/uplink.js";
import { type CollectorFixture, dnsRowGroup, startFixture } from "../../runtime/collector/testing/collector.js";
import { type FreezableProxy, startFreezableProxy } from "./freezable-proxy.js";

const DNS = "wireloom.dns.v1.Dns";

let fixture: CollectorFixture;
let proxy: FreezableProxy;

beforeAll(async () => {
  fixture = await startFixture();
  proxy = await startFreezableProxy(fixture.collector.address.port);
});

afterAll(async () => {
  await proxy.close();
  await fixture.close();
});

async function namesStored(): Promise<string[]> {
  const response = await fetch(`${fixture.collector.url}/v1/dns?fields=query_name&order_by=query_name`);
  return ((await response.json()) as { data: { query_name: string }[] }).data.map((row) => row.query_name);
}

it("both sides notice a path that dies without a reset, and every row is stored once when it is back", async () => {
  const said: string[] = [];
  const uplink = newUplink({
    url: `http://127.0.0.1:${proxy.port}`,
    agentId: "remote",
    sessionId: randomBytes(16),
    maxWaitingBytes: 1 << 20,
    onState: (message) => said.push(message),
  });
  const send = (queryName: string) => uplink.send([{ eventType: DNS, ...rowOf(queryName) }]);
  const state = async () => (await fixture.store.findAgent("remote"))?.state;
  await send("a.before");
  await uplink.drain();
  expect(await state()).toBe("connected");

  proxy.freeze();
  await send("b.during");
  // Both are to notice within 15 s; how long it took is not judged here, only that they do.
  await expect.poll(state, { timeout: 60_000, interval: 200 }).toBe("gone");
  await expect.poll(() => said, { timeout: 60_000 }).toHaveLength(1);
  expect(said[0]).toMatch(
    /^the connection to the collector at .* was lost \(.*nothing was received for \d+ s.*\); trying again$/,
  );

  proxy.thaw();
  await send("c.after");
  await uplink.drain();
  expect(await namesStored()).toEqual(["a.before", "b.during", "c.after"]);
  expect(await state()).toBe("connected");
  expect(said.slice(1)).toEqual([`connected to the collector at http://127.0.0.1:${proxy.port}`]);
  await uplink.close();
  await expect.poll(state).toBe("ended");
});

it("a batch that takes longer than a side may be silent skips a slow path", async () => {
  const slow = await startFreezableProxy(fixture.collector.address.port, 40_000);
  const said: string[] = [];
  const uplink = newUplink({
    url: `http://127.0.0.1:${slow.port}`,
    agentId: "slow",
    maxWaitingBytes: 1 << 20,
    onState: (message) => said.push(message),
  });
  const { count, rows } = dnsRowGroup(
    Array.from({ length: 6500 }, (_, i) => ({ queryName: `${i}.${"x".repeat(60)}.example` })),
  );
  // More than 600 kB at 40 kB/s take more than 15 s.
  expect(rows.length).toBeGreaterThan(600_000);
  await uplink.send([{ eventType: DNS, count, rows }]);
  await uplink.drain();
  await uplink.close();
  expect(said).toEqual([]);
  expect((await fixture.store.findAgent("slow"))!.rowCount).toBe(6500n);
  await slow.close();
});

function rowOf(queryName: string): { count: number; rows: Uint8Array } {
  const { count, rows } = dnsRowGroup([{ queryName, observation: { id: randomBytes(16) } }]);
  return { count, rows };
}
