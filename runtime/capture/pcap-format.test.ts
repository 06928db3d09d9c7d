import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openCaptureFile } from "./capture-file.js";
import { buildPcap } from "./testing/build-capture.js";
import { readPackets } from "./testing/read-packets.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-pcap-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: Uint8Array) {
  const path = join(folder, "test.pcap");
  writeFileSync(path, content);
  const source = await openCaptureFile(path);
  const packets = await readPackets(source);
  await source.close();
  return { source, packets };
}

// Magic, version 2.4, zone, accuracy, snap length, link type 1 | seconds, microseconds, captured 3, original 60 | 010203.
const LITTLE = "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000  00f15365 40e20100 03000000 3c000000 010203";
const BIG = "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001  6553f100 0001e240 00000003 0000003c 010203";

test.each([
  ["little-endian", LITTLE],
  ["big-endian", BIG],
])("a %s file is read field by field", async (_, hex) => {
  const { source, packets } = await read(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  expect(source.interfaces).toEqual([{ name: "test.pcap", linkType: 1 }]);
  expect(packets).toEqual([
    {
      hex: "010203",
      originalLength: 60,
      time: 1_700_000_000_123_456_000n,
      interfaceName: "test.pcap",
      frameNumber: 1,
      vlanTag: 0,
    },
  ]);
});

test("nanoseconds are indicated by the magic number", async () => {
  const packet = { bytes: Buffer.from("01"), seconds: 0xffffffff, fraction: 999_999_999 };
  for (const bigEndian of [false, true]) {
    const { packets } = await read(buildPcap([packet], { magic: 0xa1b23c4d, bigEndian }));
    expect(packets[0]!.time).toBe(4_294_967_295_999_999_999n);
  }
});

test("a fraction beyond one second is carried", async () => {
  const { packets } = await read(buildPcap([{ bytes: Buffer.from("01"), seconds: 10, fraction: 0xffffffff }]));
  expect(packets[0]!.time).toBe(10_000_000_000n + 4_294_967_295_000n);
});

test("the link type is the lower half of its field, the upper half describes the check sequence", async () => {
  const { source } = await read(buildPcap([], { linkType: 0x54000071 }));
  expect(source.interfaces[0]!.linkType).toBe(113);
});

test("Kuznetzov's variant has 8 bytes more for each packet", async () => {
  // Interface index, protocol, packet type and padding follow the lengths; the captured length does not count them.
  const capture = buildPcap([], { magic: 0xa1b2cd34 });
  const record = Buffer.from("00f15365 40e20100 02000000 3c000000 02000000 0800 00 00 abcd".replaceAll(" ", ""), "hex");
  const { packets } = await read(Buffer.concat([capture, record, record]));
  expect(packets.map((packet) => packet.hex)).toEqual(["abcd", "abcd"]);
});
