import { randomBytes } from "node:crypto";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it } from "vitest";
import { dnsRowGroup, startFixture } from "../collector/testing/collector.js";
import { closeServer, MemoryCollector, startServer } from "./testing/collector-server.js";
import { DNS, NTP, rowGroup, startUplink } from "./testing/dns-uplink.js";

afterEach(closeServer);

describe("a batch that the transport refuses", () => {
  it("is found among others, set aside and counted, and the others arrive in order", async () => {
    const collector = new MemoryCollector();
    const url = await startServer((requests) => collector.ingest(requests), 64 << 10);
    const said: string[] = [];
    const uplink = startUplink(url, said);
    uplink.countersFrom(() => new Map([["capture.packets", 7]]));
    for (let i = 1; i <= 9; i++) {
      const isTooLarge = i === 4 || i === 9;
      await uplink.send([rowGroup(isTooLarge ? 100_000 : 1000, i), rowGroup(10, 1, NTP)]);
    }
    await uplink.drain();
    await uplink.close();
    expect(collector.batches.map(({ sequence, rows }) => [sequence, rows])).toEqual([
      [1n, 2],
      [2n, 3],
      [3n, 4],
      [4n, 0],
      [5n, 6],
      [6n, 7],
      [7n, 8],
      [8n, 9],
      [9n, 0],
    ]);
    expect(uplink.refused).toEqual([
      { resource: "dns", reason: "resource_exhausted", rows: 13 },
      { resource: "ntp", reason: "resource_exhausted", rows: 2 },
    ]);
    expect(collector.counters.get("dns.refused_rows.resource_exhausted")).toBe(13n);
    expect(collector.counters.get("uplink.refused_rows")).toBe(15n);
    expect(collector.counters.get("capture.packets")).toBe(7n);
    expect(collector.hasEnded).toBe(true);
    expect(said.filter((message) => message.includes("rows were refused"))).toHaveLength(2);
    // Each refusal costs a few streams, not an unbounded number.
    expect(collector.streams).toBeLessThan(10);
  });

  it("is set aside when the collector reports it as invalid", async () => {
    const collector = new MemoryCollector();
    collector.refuse = (_, firstByte) => {
      if (firstByte === 9) throw new ConnectError("no such rows", Code.InvalidArgument);
    };
    const url = await startServer((requests) => collector.ingest(requests));
    const uplink = startUplink(url, []);
    await uplink.send([rowGroup(10, 1)]);
    await uplink.send([rowGroup(10, 2, DNS, 9)]);
    await uplink.send([rowGroup(10, 3)]);
    await uplink.drain();
    await uplink.close();
    expect(collector.batches.map(({ rows }) => rows)).toEqual([1, 0, 3]);
    expect(uplink.refused).toEqual([{ resource: "dns", reason: "invalid_argument", rows: 2 }]);
  });
});

describe("a collector", () => {
  it("reports its refusals again, once, when the connection broke before the agent received them", async () => {
    const fixture = await startFixture();
    const { port } = fixture.collector.address;
    let isForwarded = true;
    const sockets: Socket[] = [];
    const relay = createTcpServer((agent) => {
      const collector = connect({ port, host: "127.0.0.1" });
      sockets.push(agent, collector);
      for (const socket of [agent, collector]) socket.on("error", () => undefined);
      agent.on("data", (data) => collector.write(data));
      collector.on("data", (data) => isForwarded && agent.write(data));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => relay.once("listening", resolve));
    const uplink = startUplink(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`, []);
    uplink.countersFrom(() => new Map());
    const batch = (bad: number) => {
      const { count, rows } = dnsRowGroup([{ queryName: "good.example", observation: { id: randomBytes(16) } }]);
      return [
        { eventType: DNS, count, rows },
        { eventType: NTP, count: bad, rows: Uint8Array.of(10, 2, 10, 99) },
      ];
    };
    const breakOff = () => {
      for (const socket of sockets.splice(0)) socket.destroy();
    };
    await uplink.send(batch(5));
    await uplink.drain();
    const refusedRows = () => uplink.refused.reduce((sum, { rows }) => sum + rows, 0);
    expect(refusedRows()).toBe(5);
    // Two batches are committed, and the responses do not reach the agent.
    isForwarded = false;
    await uplink.send(batch(6));
    await uplink.send(batch(7));
    await expect.poll(async () => (await fixture.store.findAgent("probe"))?.rowCount).toBe(3n);
    expect(refusedRows()).toBe(5);
    isForwarded = true;
    breakOff();
    await uplink.drain();
    expect(refusedRows()).toBe(18);
    // Refusals that the agent has received are not reported again.
    breakOff();
    await uplink.send(batch(8));
    await uplink.drain();
    expect(uplink.refused).toEqual([{ resource: "ntp", reason: "malformed_row_group", rows: 26 }]);
    await uplink.close();
    relay.close();
    await fixture.close();
  });

  it("refuses a row group among good ones, and the agent counts it and continues", async () => {
    const fixture = await startFixture();
    const said: string[] = [];
    const uplink = startUplink(fixture.collector.url, said);
    uplink.countersFrom(() => new Map());
    const good = () => {
      const { count, rows } = dnsRowGroup([{ queryName: "good.example", observation: { id: randomBytes(16) } }]);
      return { eventType: DNS, count, rows };
    };
    await uplink.send([good(), { eventType: NTP, count: 5, rows: Uint8Array.of(10, 2, 10, 99) }]);
    await uplink.send([good(), { eventType: NTP, count: 6, rows: Uint8Array.of(10, 2, 10, 99) }]);
    await uplink.send([good()]);
    await uplink.drain();
    expect(uplink.refused).toEqual([{ resource: "ntp", reason: "malformed_row_group", rows: 11 }]);
    expect(said).toEqual([expect.stringMatching(/^5 ntp rows were refused \(malformed_row_group\): a row group of /)]);
    await uplink.close();
    await expect
      .poll(async () => (await fixture.store.findAgent("probe"))?.counters["ntp.refused_rows.malformed_row_group"])
      .toBe(11n);
    expect(await fixture.store.findAgent("probe")).toMatchObject({ rowCount: 3n, state: "ended" });
    await fixture.close();
  });
});
