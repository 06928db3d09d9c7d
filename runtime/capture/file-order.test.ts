import { expect, it } from "vitest";
import type { PacketBlock } from "../packet/packet-block.js";
import { FileOrder } from "./file-order.js";

/** A block of packets at these seconds of the epoch. */
function block(...seconds: number[]): PacketBlock {
  const times = seconds.map((second) => BigInt(second) * 1_000_000_000n);
  return {
    count: times.length,
    timesHigh: Uint32Array.from(times, (time) => Number(time >> 32n)),
    timesLow: Uint32Array.from(times, (time) => Number(time & 0xffffffffn)),
  } as unknown as PacketBlock;
}

function linesOf(files: Readonly<Record<string, readonly PacketBlock[]>>): string[] {
  const lines: string[] = [];
  const order = new FileOrder((line) => lines.push(line));
  for (const [name, blocks] of Object.entries(files)) {
    order.startFile(name);
    for (const each of blocks) order.observe(each);
  }
  order.finish();
  return lines;
}

it("the first file that begins before an earlier one ended is reported with that file and its end, others are counted", () => {
  const lines = linesOf({
    "a.pcap": [block(1000, 1500), block(1600, 2000)],
    "b.pcap": [block(1100, 1200)],
    "c.pcap": [block(), block(1500, 1600)],
    "d.pcap": [block(2000, 3000)],
    "e.pcap": [block(2999)],
  });
  expect(lines.map((line) => line.split(", and is read")[0])).toEqual([
    "b.pcap begins at 1970-01-01T00:18:20.000000000Z, before a.pcap ended (1970-01-01T00:33:20.000000000Z)",
    "2 more files begin before an earlier one ended",
  ]);
});

it("files in the order of their times are not reported, nor those without packets", () => {
  expect(linesOf({ "a.pcap": [block()], "b.pcap": [block(10, 20)], "c.pcap": [], "d.pcap": [block(20)] })).toEqual([]);
});
