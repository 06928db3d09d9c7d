import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openCaptureFile } from "./capture-file.js";
import { PcapngBuilder } from "./testing/build-capture.js";
import { readPackets } from "./testing/read-packets.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-pcapng-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(...contents: Uint8Array[]) {
  const path = join(folder, "test.pcapng");
  writeFileSync(path, Buffer.concat(contents));
  const source = await openCaptureFile(path);
  const packets = await readPackets(source);
  await source.close();
  return { source, packets };
}

const bytes = (hex: string) => Buffer.from(hex, "hex");
const name = (text: string) => [2, Buffer.from(text)] as const;

describe("pcapng", () => {
  test("sections have their own byte order and their own interfaces", async () => {
    const big = new PcapngBuilder(true)
      .section()
      .interface(1, [name("eth0")])
      .interface(101, [name("tun0\0")])
      .enhancedPacket(1, 0x0005ed25, 0x12345678, bytes("010203"), 99)
      .build();
    const little = new PcapngBuilder().section().interface(113).enhancedPacket(0, 0, 5, bytes("0405")).build();
    const { source, packets } = await read(big, little);
    expect(source.interfaces).toMatchObject([
      { name: "eth0", linkType: 1 },
      { name: "tun0", linkType: 101 },
      { name: "test.pcapng", linkType: 113 },
    ]);
    expect(packets).toMatchObject([
      { hex: "010203", originalLength: 99, interfaceName: "tun0", time: 0x0005ed2512345678n * 1000n, frameNumber: 1 },
      { hex: "0405", originalLength: 2, interfaceName: "test.pcapng", time: 5000n, frameNumber: 2 },
    ]);
    expect(source.problem).toBeUndefined();
  });

  test("times follow the resolution and the offset of their interface", async () => {
    const offset = Buffer.alloc(8);
    offset.writeBigInt64LE(-3n);
    const capture = new PcapngBuilder()
      .section()
      .interface(1, [[9, bytes("09")]])
      .interface(1, [
        [9, bytes("94")],
        [14, offset],
      ])
      .enhancedPacket(0, 0x17a1b2c3, 0xd4e5f607, bytes("01"))
      // 5.5 seconds in units of 2^-20, less 3.
      .enhancedPacket(1, 0, 5.5 * 2 ** 20, bytes("02"))
      .build();
    const { packets } = await read(capture);
    expect(packets.map((packet) => packet.time)).toEqual([0x17a1b2c3d4e5f607n, 2_500_000_000n]);
  });

  test("simple and obsolete packets are packets, other blocks are skipped, drops are counted", async () => {
    const capture = new PcapngBuilder()
      .section()
      .block(0xbad, bytes("ff".repeat(21)))
      .interface(1, [], 4);
    // Simple packet of 6 bytes on the wire, cut to the snap length of 4.
    capture.block(3, capture.words(6), bytes("01020304"));
    // Obsolete packet: interface 0, 7 drops, time, lengths.
    capture.block(2, bytes("00000700"), capture.words(0, 1, 2, 2), bytes("0506"));
    // Statistics: interface 0, time; 3 then 5 dropped by the interface since it was opened.
    for (const dropped of ["03", "05"]) {
      capture.block(5, capture.words(0, 0, 0), capture.options([[5, bytes(`${dropped}00000000000000`)]]));
    }
    const { source, packets } = await read(capture.build());
    expect(packets).toMatchObject([
      { hex: "01020304", originalLength: 6, time: 0n },
      { hex: "0506", time: 1000n },
    ]);
    expect(source.counters).toEqual({ packets: 2, bytes: 6, dropped: 5 });
  });

  test("damage ends the capture after the packets before it, and its position is reported", async () => {
    const good = () => new PcapngBuilder().section().interface(1).enhancedPacket(0, 0, 1, bytes("01"));
    const differing = good().enhancedPacket(0, 0, 2, bytes("02")).build();
    differing.writeUInt32LE(40, differing.length - 4);
    const short = good()
      .block(6, bytes("00".repeat(8)))
      .build();
    const noMagic = Buffer.concat([good().build(), new PcapngBuilder().section().build().fill(0, 8, 12)]);
    const captures = {
      "names interface 7": good().enhancedPacket(7, 0, 2, bytes("02")).build(),
      "two length fields differ": differing,
      "too short for a packet": short,
      "no byte-order magic": noMagic,
      "length of 13 bytes is impossible": Buffer.concat([good().build(), bytes("060000000d000000000000000d")]),
      "claims 200 captured bytes": good()
        .block(6, new PcapngBuilder().words(0, 0, 0, 200, 200))
        .build(),
    };
    for (const [fault, capture] of Object.entries(captures)) {
      const { source, packets } = await read(capture);
      expect(packets.length, fault).toBe(1);
      expect(source.problem, fault).toMatchObject({ code: "invalid_capture" });
      expect(source.problem?.message).toContain(fault);
      expect(source.problem?.message).toMatch(/test\.pcapng is damaged: the block at byte 84, after packet 1/);
    }
  });

  test("an option that extends beyond its block is ignored, as are the following ones", async () => {
    const capture = new PcapngBuilder().section();
    capture.block(1, bytes("01000000"), capture.words(0), bytes("0200ffff65746830"));
    const { source } = await read(capture.build());
    expect(source.interfaces).toMatchObject([{ name: "test.pcapng", linkType: 1 }]);
  });
});
