import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { openFollowedFile } from "./followed-file.js";
import type { PacketSource } from "./packet-source.js";
import { buildPcap, PcapngBuilder } from "./testing/build-capture.js";
import { readPackets } from "./testing/read-packets.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-follow-"));
afterAll(() => rmSync(folder, { recursive: true }));

const packetOf = (number: number) => ({ bytes: Buffer.alloc(60, number), seconds: number });
/** Packets without the file header. */
const records = (...numbers: number[]) => buildPcap(numbers.map(packetOf)).subarray(24);

async function next(source: PacketSource, count: number): Promise<number[]> {
  const packets = await readPackets(source, (read) => read.length >= count);
  return packets.map(({ hex }) => Number.parseInt(hex.slice(0, 2), 16));
}

it("appended packets are returned when they are complete, also for a file that is empty at first", async () => {
  const path = join(folder, "grows.pcap");
  writeFileSync(path, "");
  const source = await openFollowedFile(path, () => undefined);
  const { signal } = new AbortController();
  expect((await source.read(signal))?.count).toBe(0);
  appendFileSync(path, buildPcap([packetOf(1)]));
  expect(await next(source, 1)).toEqual([1]);
  const more = records(2, 3);
  appendFileSync(path, more.subarray(0, 90));
  expect(await next(source, 1)).toEqual([2]);
  expect((await source.read(signal))?.count).toBe(0);
  appendFileSync(path, more.subarray(90));
  expect(await next(source, 1)).toEqual([3]);
  expect(source.counters.packets).toBe(3);
  expect(await source.read(AbortSignal.abort())).toBeNull();
  await source.close();
  expect(source.problem).toBeUndefined();
});

it("a file that is emptied is read from its start, a replaced one is closed in favor of the new one, and both are reported", async () => {
  const path = join(folder, "turns.pcap");
  const states: string[] = [];
  writeFileSync(path, buildPcap([packetOf(1), packetOf(2)]));
  const source = await openFollowedFile(path, (state) => states.push(state));
  expect(await next(source, 2)).toEqual([1, 2]);

  truncateSync(path);
  await source.read(new AbortController().signal);
  appendFileSync(path, buildPcap([packetOf(3)]));
  expect(await next(source, 1)).toEqual([3]);

  // Bytes written to the old file before it is replaced are read too; a packet that is then incomplete is reported.
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, records(4));
  expect(await next(source, 1)).toEqual([4]);
  appendFileSync(`${path}.1`, records(5).subarray(0, 30));
  const pcapng = new PcapngBuilder().section().interface(1, [[2, Buffer.from("eth7")]]);
  writeFileSync(`${path}.new`, pcapng.enhancedPacket(0, 0, 0, packetOf(6).bytes).build());
  renameSync(`${path}.new`, path);
  expect(await next(source, 1)).toEqual([6]);
  expect(source.interfaces).toEqual([
    { name: "turns.pcap", linkType: 1 },
    { name: "eth7", linkType: 1 },
  ]);
  expect(source.counters.packets).toBe(5);
  await source.close();
  expect(states).toEqual([
    `${path} was emptied, reading it from its start`,
    expect.stringContaining("cut in packet 3"),
    `${path} was replaced, reading the new file`,
  ]);
});

it("a file that replaces a capture and is not one is reported, and the next one is awaited", async () => {
  const path = join(folder, "rotated.pcap");
  const states: string[] = [];
  const { signal } = new AbortController();
  const idle = async (count: number) => {
    while (states.length < count) expect((await source.read(signal))?.count).toBe(0);
  };
  const replace = (content: Uint8Array | string) => {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  };
  writeFileSync(path, buildPcap([packetOf(1)]));
  const source = await openFollowedFile(path, (state) => states.push(state));
  expect(await next(source, 1)).toEqual([1]);
  const damaged = buildPcap([packetOf(2), packetOf(3)]);
  // The second packet's captured length, after the file header, a packet of 16 + 60 bytes and 8 bytes of times.
  damaged.writeUInt32LE(0x7fffffff, 24 + 76 + 8);
  const contents: [string, Uint8Array | string][] = [
    ["not a capture", "dear reader, this is not a capture"],
    ["damaged", damaged],
    ["is damaged", Buffer.from(`1f8b0800000000000003${"ff".repeat(40)}`, "hex")],
    ["not a capture", "a letter, and then a shorter one"],
  ];
  const expected: unknown[] = [];
  for (const [message, content] of contents) {
    replace(content);
    const before = states.length;
    if (content === damaged) expect(await next(source, 1)).toEqual([2]);
    await idle(before + 2);
    expected.push(`${path} was replaced, reading the new file`);
    expected.push(expect.stringMatching(new RegExp(`${message}.*; waiting for another file of this name$`)));
    // It may grow, so it is awaited too.
    appendFileSync(path, "more of it");
    expect((await source.read(signal))?.count).toBe(0);
  }
  // Emptied and written again, then removed for a while, then replaced by another file.
  writeFileSync(path, buildPcap([packetOf(4)]).subarray(0, 20));
  await idle(states.length + 1);
  appendFileSync(path, buildPcap([packetOf(4)]).subarray(20));
  expect(await next(source, 1)).toEqual([4]);
  rmSync(path);
  expect((await source.read(signal))?.count).toBe(0);
  writeFileSync(path, buildPcap([packetOf(5)]));
  expect(await next(source, 1)).toEqual([5]);
  expect(states).toEqual([
    ...expected,
    `${path} was emptied, reading it from its start`,
    `${path} was replaced, reading the new file`,
  ]);
  expect(source.counters.packets).toBe(4);
  await source.close();
  expect(source.problem).toBeUndefined();
});

it("a first file that is emptied or replaced before it has a header is handled like any other", async () => {
  const path = join(folder, "first.pcap");
  const states: string[] = [];
  writeFileSync(path, buildPcap([]).subarray(0, 10));
  const source = await openFollowedFile(path, (state) => states.push(state));
  expect((await source.read(new AbortController().signal))?.count).toBe(0);
  writeFileSync(`${path}.new`, buildPcap([packetOf(1)]));
  renameSync(`${path}.new`, path);
  expect(await next(source, 1)).toEqual([1]);
  expect(states.at(-1)).toBe(`${path} was replaced, reading the new file`);
  await source.close();
});

it("a file that is not a capture ends with a problem, and a missing file is refused", async () => {
  const path = join(folder, "text.pcap");
  writeFileSync(path, "dear reader, this is not a capture");
  const source = await openFollowedFile(path, () => undefined);
  expect(await readPackets(source)).toEqual([]);
  expect(source.problem).toMatchObject({ code: "invalid_capture" });
  await source.close();
  await expect(openFollowedFile(join(folder, "none"), () => undefined)).rejects.toMatchObject({ code: "not_found" });
});

it.skipIf(process.platform === "win32")(
  "a directory or a named pipe in the place of a capture is reported, and the next file is awaited",
  async () => {
    const path = join(folder, "place.pcap");
    const states: string[] = [];
    const { signal } = new AbortController();
    writeFileSync(path, buildPcap([packetOf(1)]));
    const source = await openFollowedFile(path, (state) => states.push(state));
    expect(await next(source, 1)).toEqual([1]);
    const others: [RegExp, () => unknown][] = [
      [/is a directory/, () => mkdirSync(path)],
      [/is not a regular file/, () => spawnSync("mkfifo", [path])],
    ];
    for (const [index, [message, make]] of others.entries()) {
      rmSync(path, { recursive: true });
      make();
      while (states.length === index * 2) expect((await source.read(signal))?.count).toBe(0);
      expect(states.at(-1)).toMatch(message);
      rmSync(path, { recursive: true });
      writeFileSync(path, buildPcap([packetOf(index + 2)]));
      expect(await next(source, 1)).toEqual([index + 2]);
    }
    await source.close();
    expect(source.problem).toBeUndefined();
  },
);

it.skipIf(process.platform === "win32")(
  "a named pipe is refused immediately, whether it has a writer or not",
  async () => {
    const path = join(folder, "pipe");
    spawnSync("mkfifo", [path]);
    await expect(openFollowedFile(path, () => undefined)).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("is not a regular file"),
    });
  },
);

it("a compressed file with trailing data is reported, and the next one is awaited", async () => {
  const path = join(folder, "after.pcap.gz");
  const states: string[] = [];
  writeFileSync(path, Buffer.concat([gzipSync(buildPcap([packetOf(1)])), Buffer.from("junk")]));
  const source = await openFollowedFile(path, (state) => states.push(state));
  expect(await next(source, 1)).toEqual([1]);
  const { signal } = new AbortController();
  while (states.length === 0) expect((await source.read(signal))?.count).toBe(0);
  expect(states[0]).toMatch(/not gzip data.*; waiting for another file of this name$/);
  writeFileSync(`${path}.new`, gzipSync(buildPcap([packetOf(2)])));
  renameSync(`${path}.new`, path);
  expect(await next(source, 1)).toEqual([2]);
  await source.close();
});
