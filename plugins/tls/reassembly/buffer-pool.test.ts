import { expect, it } from "vitest";
import { BufferPool } from "./buffer-pool.js";

it("lends buffers that keep their content as they grow", () => {
  const pool = new BufferPool(100);
  const buffer = pool.lend();
  expect(pool.extend(buffer, 4)).toBe(true);
  buffer.bytes.set([1, 2, 3, 4]);
  expect(pool.extend(buffer, 6)).toBe(true);
  expect([...buffer.bytes]).toEqual([1, 2, 3, 4, 0, 0]);
  expect(pool.lentBytes).toBe(6);
  pool.giveBack(buffer);
  pool.giveBack(buffer);
  expect(pool.lentBytes).toBe(0);
});

it("takes the oldest ones back if there is no room", () => {
  const pool = new BufferPool(100);
  const [first, second, third] = [pool.lend(), pool.lend(), pool.lend()];
  for (const buffer of [first, second, third]) pool.extend(buffer!, 30);
  expect(pool.extend(second!, 80)).toBe(true);
  expect(first).toMatchObject({ isTakenBack: true, bytes: new Uint8Array(0) });
  expect(third!.isTakenBack).toBe(true);
  expect(second!.bytes).toHaveLength(80);
  expect(pool.lentBytes).toBe(80);
  expect(pool.extend(first!, 10)).toBe(false);
});

it("does not extend a buffer beyond the limit of the pool", () => {
  const pool = new BufferPool(100);
  const buffer = pool.lend();
  expect(pool.extend(buffer, 101)).toBe(false);
  expect(pool.lentBytes).toBe(0);
});
