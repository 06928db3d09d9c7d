import { expect, test } from "vitest";
import { BLOCK_CAPACITY } from "../packet/packet-block.js";
import { PacketCopyRing } from "./packet-copy-ring.js";

test("packets are returned once, in order, while others are added", () => {
  const ring = new PacketCopyRing();
  const buffer = new Uint8Array(100);
  const numbers: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    buffer[0] = i & 0xff;
    ring.add(buffer, 1 + (i % 100));
    if (i % 997 !== 0) continue;
    const block = ring.take();
    buffer[0] = 0xff;
    ring.add(buffer, 1);
    for (let k = 0; k < block.count; k++) numbers.push(block.frameNumbers[k]!);
  }
  for (let block = ring.take(); block.count > 0; block = ring.take()) {
    for (let k = 0; k < block.count; k++) numbers.push(block.frameNumbers[k]!);
  }
  expect(ring.counters.dropped).toBe(0);
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  expect(numbers.length).toBe(ring.counters.packets);
  expect(ring.isEmpty).toBe(true);
});

test("a reader that is too slow loses the newest packets, which are counted", () => {
  const ring = new PacketCopyRing();
  const total = BLOCK_CAPACITY * 10;
  for (let i = 0; i < total; i++) ring.add(new Uint8Array(4), 4);
  let read = 0;
  for (let block = ring.take(); block.count > 0; block = ring.take()) read += block.count;
  expect(ring.counters.dropped).toBeGreaterThan(0);
  expect(read + ring.counters.dropped).toBe(total);
  ring.add(new Uint8Array(4), 4);
  expect(ring.take().count).toBe(1);
});
