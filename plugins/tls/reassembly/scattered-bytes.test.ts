import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ScatteredBytes } from "./scattered-bytes.js";

const whole = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) & 0xff);

function add(bytes: ScatteredBytes, start: number, end: number) {
  bytes.add(start, whole, start, end);
}

it("has nothing at first", () => {
  expect(new ScatteredBytes(10).length).toBe(0);
});

it("counts bytes only up to the first hole", () => {
  const bytes = new ScatteredBytes(5000);
  add(bytes, 10, 20);
  expect(bytes.length).toBe(0);
  add(bytes, 0, 5);
  expect(bytes.length).toBe(5);
  add(bytes, 4, 11);
  expect(bytes.length).toBe(20);
});

it("keeps what came first", () => {
  const bytes = new ScatteredBytes(10);
  bytes.add(2, Uint8Array.of(1, 1, 1), 0, 3);
  bytes.add(0, Uint8Array.of(2, 2, 2, 2, 2, 2), 0, 6);
  expect([...bytes.bytes.subarray(0, bytes.length)]).toEqual([2, 2, 1, 1, 1, 2]);
});

it("omits pieces beyond its bound", () => {
  const bytes = new ScatteredBytes(100);
  add(bytes, 0, 100);
  expect(bytes.overflowed).toBe(false);
  add(bytes, 99, 101);
  expect(bytes).toMatchObject({ overflowed: true, length: 100 });
  expect(bytes.bytes.length).toBeLessThanOrEqual(100);
});

it("omits one stretch too many", () => {
  const bytes = new ScatteredBytes(5000);
  for (let i = 0; i < 70; i++) add(bytes, i * 10, i * 10 + 1);
  expect(bytes.overflowed).toBe(true);
  expect(bytes.length).toBe(1);
  // What fills a hole is still taken.
  add(bytes, 0, 630);
  expect(bytes.length).toBe(631);
});

describe("pieces in any order, repeated and overlapping", () => {
  it("make the whole", () => {
    const pieces = fc.array(fc.tuple(fc.nat(299), fc.integer({ min: 1, max: 60 })), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, (list) => {
        const bytes = new ScatteredBytes(360);
        const known = new Set<number>();
        for (const [start, length] of list) {
          add(bytes, start, start + length);
          for (let i = start; i < start + length; i++) known.add(i);
        }
        let expected = 0;
        while (known.has(expected)) expected++;
        expect(bytes.length).toBe(expected);
        expect([...bytes.bytes.subarray(0, expected)]).toEqual([...whole.subarray(0, expected)]);
      }),
    );
  });
});
