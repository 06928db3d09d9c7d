import { BinaryReader } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  writeNumber,
  writeNumberItem,
  writeOptionalNumber,
  writeOptionalZigzag,
  writeZigzag,
  writeZigzagItem,
} from "./number-field.js";
import { adjustments, INT32, INT64, UINT64 } from "./value-range.js";
import { writeSignedVarint, writeVarint } from "./varint.js";

/** What protobuf-es reads from bytes that `write` wrote, and how many there are. */
function reader(write: (bytes: Uint8Array) => number): BinaryReader {
  const bytes = new Uint8Array(32).fill(255);
  return new BinaryReader(bytes.subarray(0, write(bytes)));
}

/** Field 300, whose tag has two bytes. */
const TAG = 300 << 3;

describe("a varint", () => {
  it("of any unsigned number is what protobuf-es reads, and as short as it can be", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1025n), fc.integer({ min: 0, max: 63 }), (bits, shift) => {
        const value = Number(bits >> BigInt(shift));
        const bytes = new Uint8Array(16);
        const end = writeVarint(bytes, 0, value);
        expect(new BinaryReader(bytes.subarray(0, end)).uint64()).toBe(BigInt(value));
        expect(end).toBe(Math.max(1, Math.ceil(BigInt(value).toString(2).length / 7)));
      }),
    );
  });

  it("of any signed number is what protobuf-es reads", () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1025n), (bits) => {
        const value = Number(bits);
        expect(reader((bytes) => writeSignedVarint(bytes, 0, value)).int64()).toBe(BigInt(value));
      }),
    );
  });
});

describe("a number that is written out of line", () => {
  it.each([
    [2 ** 63 - 1024, 2n ** 63n - 1024n, 0],
    [-(2 ** 63), -(2n ** 63n), 0],
    [2 ** 63, 2n ** 63n - 1024n, 1],
    [Number.NEGATIVE_INFINITY, -(2n ** 63n), 1],
    [-1.5, -1n, 1],
  ])("of int64, %d, is %d", (value, expected, adjusted) => {
    const before = adjustments.count;
    const field = reader((bytes) => writeNumber(bytes, 0, TAG, value, INT64));
    expect(field.tag()[0]).toBe(300);
    expect(field.int64()).toBe(expected);
    expect(reader((bytes) => writeNumberItem(bytes, 0, value, INT64)).int64()).toBe(expected);
    expect(adjustments.count - before).toBe(adjusted * 2);
  });

  it.each([
    [-1, -1, 0],
    [2 ** 31 - 1, 2 ** 31 - 1, 0],
    [2 ** 31, 2 ** 31 - 1, 1],
    [-1e20, -(2 ** 31), 1],
  ])("in zigzag form, %d, is %d", (value, expected, adjusted) => {
    const before = adjustments.count;
    const field = reader((bytes) => writeZigzag(bytes, 0, TAG, value, INT32));
    expect(field.tag()[0]).toBe(300);
    expect(field.sint32()).toBe(expected);
    expect(reader((bytes) => writeZigzagItem(bytes, 0, value, INT32)).sint32()).toBe(expected);
    const optional = reader((bytes) => writeOptionalZigzag(bytes, 0, TAG, value, INT32));
    expect(optional.len > 0).toBe(adjusted === 0);
    expect(adjustments.count - before).toBe(adjusted * 3);
  });

  it("is omitted if the result is 0, or null for an optional field", () => {
    const at = (write: (bytes: Uint8Array) => number) => write(new Uint8Array(32));
    expect(at((bytes) => writeNumber(bytes, 5, TAG, Number.NaN, UINT64))).toBe(5);
    expect(at((bytes) => writeNumber(bytes, 5, TAG, -3, UINT64))).toBe(5);
    expect(at((bytes) => writeOptionalNumber(bytes, 5, TAG, -3, UINT64))).toBe(5);
    expect(at((bytes) => writeOptionalNumber(bytes, 5, TAG, 0.5, UINT64))).toBe(8);
  });
});
