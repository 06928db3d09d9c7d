import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAfPacket } from "./af-packet-source.js";
import { buildPcap } from "./testing/build-capture.js";
import { type ReadPacket, readPackets } from "./testing/read-packets.js";
import { reasonWithoutVeth, VethPair } from "./testing/veth-pair.js";

const reason = reasonWithoutVeth();

test.skipIf(reason !== "")("a missing interface is reported with the existing ones", () => {
  expect(() => openAfPacket({ interfaceNames: ["none0"] })).toThrow(
    expect.objectContaining({ code: "interface_not_found", message: expect.stringContaining("lo") }),
  );
});

describe.skipIf(reason !== "")(`AF_PACKET on a veth pair${reason === "" ? "" : ` (skipped: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "wireloom-af-packet-"));
  let pair: VethPair;
  beforeAll(() => {
    pair = new VethPair("af");
  });
  afterAll(() => {
    pair.remove();
    rmSync(folder, { recursive: true });
  });

  /** Ethernet, IPv4, UDP to port `port`, with 100 bytes at least; the identification is the number. */
  const frameOf = (number: number, port = 53, tag = "") => {
    const udp = `c000${hex16(port)}004a0000${"00".repeat(66)}`;
    return Buffer.from(
      `020000000002020000000001${tag}08004500005e${hex16(number)}000040110000 0a0000010a000002${udp}`.replace(" ", ""),
      "hex",
    );
  };
  const hex16 = (value: number) => (value & 0xffff).toString(16).padStart(4, "0");
  const captureOf = (frames: Buffer[]) => {
    const path = join(folder, "sent.pcap");
    writeFileSync(path, buildPcap(frames.map((bytes) => ({ bytes }))));
    return path;
  };
  const untilCount = (count: number) => (packets: readonly ReadPacket[]) => packets.length >= count;

  test("every packet arrives once, in order, with its time", async () => {
    const frames = Array.from({ length: 20_000 }, (_, i) => frameOf(i));
    const source = openAfPacket({ interfaceNames: [pair.name] });
    const before = BigInt(Date.now()) * 1_000_000n;
    await pair.replay(captureOf(frames), "--topspeed");
    const packets = await readPackets(source, untilCount(frames.length));
    const after = BigInt(Date.now() + 1) * 1_000_000n;
    expect(packets.every((packet, i) => packet.hex === frames[i]!.toString("hex"))).toBe(true);
    expect(packets.map((packet) => packet.frameNumber)).toEqual(frames.map((_, i) => i + 1));
    expect(packets.every(({ time }) => time >= before && time <= after)).toBe(true);
    expect(packets[0]!.originalLength).toBe(frames[0]!.length);
    expect(source.counters).toEqual({ packets: 20_000, bytes: 20_000 * frames[0]!.length, dropped: 0 });
    await source.close();
  });

  test("the filter runs in the kernel, and finds tags that the kernel stripped", async () => {
    const frames = [frameOf(1, 53), frameOf(2, 80), frameOf(3, 80, "8100a005"), frameOf(4, 80, "88a80006")];
    const source = openAfPacket({ interfaceNames: [pair.name], filter: "udp port 53 or vlan" });
    await pair.replay(captureOf(frames));
    const packets = await readPackets(source, untilCount(3));
    expect(packets.map((packet) => [packet.hex.slice(36, 40), packet.vlanTag])).toEqual([
      ["0001", 0],
      ["0003", 0x8100a005],
      ["0004", 0x88a80006],
    ]);
    await source.close();
  });

  test("packets that do not fit the ring are counted as dropped", async () => {
    const frames = Array.from({ length: 40_000 }, (_, i) => frameOf(i));
    const source = openAfPacket({ interfaceNames: [pair.name], ringMiB: 2 });
    await pair.replay(captureOf(frames), "--topspeed");
    let idle = 0;
    const packets = await readPackets(source, (read) => read.length > 0 && idle++ > 10);
    expect(packets.length).toBeGreaterThan(1000);
    expect(packets.length + source.counters.dropped).toBe(40_000);
    await source.close();
  });

  test("a read returns while no packets arrive, and after closing during it", async () => {
    const source = openAfPacket({ interfaceNames: [pair.name] });
    expect((await source.read(new AbortController().signal))?.count).toBe(0);
    const last = source.read(new AbortController().signal);
    await source.close();
    expect(await last).toBeNull();
    await source.close();
  });

  test("bytes that are read after closing are zeros and do not crash the process", async () => {
    const source = openAfPacket({ interfaceNames: [pair.name] });
    await pair.replay(captureOf([frameOf(1)]));
    const { signal } = new AbortController();
    let block = await source.read(signal);
    while (block!.count === 0) block = await source.read(signal);
    const { bytes } = block!;
    await source.close();
    expect(bytes.subarray(0, 4096).every((byte) => byte === 0)).toBe(true);
  });

  test("a capture waits for an interface that goes down, or is deleted and created again", async () => {
    const own = new VethPair("dn");
    const states: string[] = [];
    const source = openAfPacket({ interfaceNames: [own.name], onState: (state) => states.push(state) });
    const read = async (count: number) =>
      (await readPackets(source, untilCount(count))).map(({ hex }) => hex.slice(36, 40));
    const until = async (count: number) => {
      while (states.length < count) await source.read(new AbortController().signal);
    };
    await own.replay(captureOf([frameOf(1)]));
    expect(await read(1)).toEqual(["0001"]);
    own.takeDown();
    await until(1);
    own.bringUp();
    await until(2);
    await own.replay(captureOf([frameOf(2)]));
    expect(await read(1)).toEqual(["0002"]);
    own.remove();
    await until(3);
    const again = new VethPair("dn");
    await until(4);
    await again.replay(captureOf([frameOf(3)]));
    expect(await read(1)).toEqual(["0003"]);
    again.remove();
    await source.close();
    const up = `interface ${own.name} is up, capturing on it`;
    // It goes down before it is deleted, and may be seen in between.
    const deleted = expect.stringMatching(`^interface ${own.name} (is down|does not exist), waiting for it$`);
    expect(states).toEqual([`interface ${own.name} is down, waiting for it`, up, deleted, up]);
    expect(source.problem).toBeUndefined();
  });

  test("several interfaces are captured on at once, each packet with its own interface's name", async () => {
    const second = new VethPair("b");
    const third = new VethPair("c");
    const source = openAfPacket({ interfaceNames: [pair.name, second.name], filter: "udp port 53" });
    for (const [number, from] of [pair, third, second, pair].entries())
      await from.replay(captureOf([frameOf(number, 80), frameOf(number)]));
    const packets = await readPackets(source, untilCount(3));
    expect(packets.map(({ hex, interfaceName }) => [hex.slice(36, 40), interfaceName])).toEqual([
      ["0000", pair.name],
      ["0002", second.name],
      ["0003", pair.name],
    ]);
    // A second one of the name has another index; the filter follows it.
    second.remove();
    const again = new VethPair("b");
    for (let i = 0; i < 15; i++) await source.read(new AbortController().signal);
    await again.replay(captureOf([frameOf(9)]));
    expect((await readPackets(source, untilCount(1))).map(({ interfaceName }) => interfaceName)).toEqual([again.name]);
    await source.close();
    again.remove();
    third.remove();
  });

  test("any captures on every interface, including later ones, and reports the interface of each packet", async () => {
    const source = openAfPacket({ interfaceNames: ["any"], filter: "udp port 53 and net 10.0.0.0/8" });
    const later = new VethPair("e");
    await pair.replay(captureOf([frameOf(1), frameOf(2, 80)]));
    await later.replay(captureOf([frameOf(3)]));
    const packets = await readPackets(source, untilCount(2));
    expect(packets.map(({ hex, interfaceName }) => [hex.slice(36, 40), interfaceName])).toEqual([
      ["0001", pair.name],
      ["0003", later.name],
    ]);
    await source.close();
    later.remove();
  });

  test("the loopback interface returns each packet once", async () => {
    const receiver = createSocket("udp4");
    await new Promise<void>((resolve) => receiver.bind(0, "127.0.0.1", resolve));
    const { port } = receiver.address();
    const source = openAfPacket({ interfaceNames: ["lo"], filter: `udp dst port ${port}` });
    for (let i = 0; i < 5; i++) receiver.send(`hello ${i}`, port, "127.0.0.1");
    let idle = 0;
    const packets = await readPackets(source, (read) => read.length > 0 && idle++ > 3);
    expect(packets.map((packet) => Buffer.from(packet.hex, "hex").toString("latin1").slice(-7))).toEqual(
      [0, 1, 2, 3, 4].map((i) => `hello ${i}`),
    );
    await source.close();
    receiver.close();
  });
});
