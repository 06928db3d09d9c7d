import { randomBytes } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it } from "vitest";
import { IngestResponseSchema } from "../../generated/wireloom/v1/ingest_pb.js";
import { startFixture } from "../collector/testing/collector.js";
import { closeServer, startServer } from "./testing/collector-server.js";
import { rowGroup, rowGroupOf, startUplink } from "./testing/dns-uplink.js";

afterEach(closeServer);

describe("an uplink whose collector is unreachable", () => {
  it("gives up when every attempt failed for the given time", async () => {
    const uplink = startUplink("http://127.0.0.1:1", [], { giveUpAfterMs: 500 });
    await uplink.send([rowGroup(10, 1)]);
    await expect(uplink.drain()).rejects.toThrow(/cannot be reached .*; start one with `wireloom collector`/);
    await uplink.close();
  });

  it.each([
    ["an HTTP/1.1 server", () => createHttpServer((_, response) => response.end("hello"))],
    [
      "a program that greets and closes",
      () => createTcpServer((socket) => socket.resume().end("SSH-2.0-OpenSSH_9.2\r\n")),
    ],
    ["a program that closes", () => createTcpServer((socket) => socket.destroy())],
    ["a program that resets", () => createTcpServer((socket) => socket.resetAndDestroy())],
    ["a program that sends nonsense", () => createTcpServer((socket) => socket.resume().end(randomBytes(5000)))],
  ])("survives %s at its address, and gives up in time", async (_, create) => {
    const other = create();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    for (const [url, advice] of [
      [`http://127.0.0.1:${port}`, /cannot be reached .*; (check the address, or use https|start one with)/],
      [`https://127.0.0.1:${port}`, /cannot be reached .*; (use http:|check the address|start one with)/],
    ] as const) {
      const tls = url.startsWith("https") ? { tlsCa: "" } : {};
      const uplink = startUplink(url, [], { giveUpAfterMs: 500, ...tls });
      await uplink.send([rowGroup(10, 1)]);
      await expect(uplink.drain()).rejects.toThrow(advice);
      await uplink.close();
    }
    await new Promise((resolve) => other.close(resolve));
  });

  it.each([
    ["an HTTP/1.1 server", () => createHttpServer((_, response) => response.writeHead(502).end("bad gateway"))],
    ["a program that closes", () => createTcpServer((socket) => socket.destroy())],
  ])("survives %s that takes the port of a collector that it was connected to", async (_, create) => {
    const first = await startFixture();
    const { url, address } = first.collector;
    const said: string[] = [];
    const uplink = startUplink(url, said, { giveUpAfterMs: undefined });
    await uplink.send([rowGroupOf("one.example")]);
    await uplink.drain();
    await first.close();
    const other = create();
    let attempts = 0;
    other.on("connection", () => attempts++);
    await new Promise<void>((resolve) => other.listen(address.port, address.host, resolve));
    await uplink.send([rowGroupOf("two.example")]);
    await expect.poll(() => said.join("\n"), { timeout: 10_000 }).toContain(`the collector at ${url} `);
    await expect.poll(() => attempts, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(uplink.unacknowledged).toBe(1);
    await new Promise((resolve) => other.close(resolve));
    const second = await startFixture({ listen: `${address.host}:${address.port}` });
    // The second database does not have the first row: the remaining row goes into a new session.
    await uplink.drain();
    await uplink.close();
    expect(await second.store.findAgent("probe")).toMatchObject({ rowCount: 1n });
    await second.close();
  });

  it("gives up where sessions open but nothing is ever stored, and the error explains how to continue", async () => {
    const url = await startServer(async function* (requests) {
      for await (const { content } of requests) {
        if (content.case === "batch") throw new ConnectError("the store failed", Code.Unavailable);
        yield create(IngestResponseSchema, { committedSequence: 0n });
      }
    });
    const uplink = startUplink(url, [], { giveUpAfterMs: 1000, isRepeatable: true });
    await uplink.send([rowGroup(10, 1)]);
    await expect(uplink.drain()).rejects.toThrow(
      /was lost \(the store failed\); once it works, run the same command again to store the rest, each row once$/,
    );
    await uplink.close();
  });

  it("leaves no timer when it is closed while it waits for the next attempt", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    const said: string[] = [];
    const uplink = startUplink("http://127.0.0.1:1", said, { giveUpAfterMs: undefined });
    // Not with expect.poll, which has timers of its own.
    while (said.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(timers()).toBeGreaterThan(before);
    await uplink.close();
    expect(timers()).toBe(before);
  });

  it("ends every wait at its deadline, and the error counts the lost rows", async () => {
    const deadline = new AbortController();
    const uplink = startUplink("http://127.0.0.1:1", [], { maxWaitingBytes: 10, deadline: deadline.signal });
    await uplink.send([rowGroup(100, 4)]);
    const blocked = uplink.send([rowGroup(10, 1)]);
    const drained = uplink.drain();
    deadline.abort();
    const message =
      "4 rows were not committed by the collector at http://127.0.0.1:1 in time and are lost; check the collector";
    await expect(blocked).rejects.toThrow(message);
    await expect(drained).rejects.toThrow(message);
    await uplink.close();
    const again = startUplink("http://127.0.0.1:1", [], { deadline: deadline.signal, isRepeatable: true });
    await expect(again.send([rowGroup(100, 4)]).then(() => again.drain())).rejects.toThrow(
      "in time; run the same command again to store the rest, each row once",
    );
    await again.close();
  });
});
