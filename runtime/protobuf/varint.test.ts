import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import { expect, it } from "vitest";
import {
  closeLength,
  writeDouble,
  writeFixed32,
  writeSignedVarint,
  writeUint32,
  writeVarint,
  zigzag,
} from "./varint.js";

/** Numbers at which a varint becomes a byte longer, and those of integers and doubles. */
const EDGES = [0, 1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63]
  .concat(Array.from({ length: 9 }, (_, i) => 2 ** (7 * (i + 1))))
  .flatMap((edge) => [edge - 1, edge, edge + 1])
  .filter((value) => value >= 0);

function written(write: (bytes: Uint8Array, at: number) => number): number[] {
  const bytes = new Uint8Array(16).fill(0xee);
  const end = write(bytes, 1);
  expect(bytes[0]).toBe(0xee);
  expect(bytes[end]).toBe(0xee);
  return [...bytes.subarray(1, end)];
}

it.each(EDGES)("writes %d as protobuf-es does", (value) => {
  const expected = [...new BinaryWriter().uint64(BigInt(value)).finish()];
  expect(written((bytes, at) => writeVarint(bytes, at, value))).toEqual(expected);
  expect(written((bytes, at) => writeSignedVarint(bytes, at, value))).toEqual(expected);
});

it("writes the greatest double below 2^64 in ten bytes", () => {
  const value = 2 ** 64 - 2048;
  const bytes = written((buffer, at) => writeVarint(buffer, at, value));
  expect(bytes).toHaveLength(10);
  expect(new BinaryReader(Uint8Array.from(bytes)).uint64()).toBe(BigInt(value));
});

it.each([-1, -2, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53), -(2 ** 63)])("writes %d in ten bytes", (value) => {
  const expected = [...new BinaryWriter().int64(BigInt(value)).finish()];
  expect(expected).toHaveLength(10);
  expect(written((bytes, at) => writeSignedVarint(bytes, at, value))).toEqual(expected);
});

it.each([0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])("writes %d of 32 bits", (value) => {
  expect(written((bytes, at) => writeUint32(bytes, at, value))).toEqual([...new BinaryWriter().uint32(value).finish()]);
  expect(written((bytes, at) => writeFixed32(bytes, at, value))).toEqual([
    ...new BinaryWriter().fixed32(value).finish(),
  ]);
});

it.each([0, -1, 1, 2 ** 31 - 1, -(2 ** 31)])("writes %d in zigzag form", (value) => {
  expect(written((bytes, at) => writeUint32(bytes, at, zigzag(value)))).toEqual([
    ...new BinaryWriter().sint32(value).finish(),
  ]);
});

it.each([0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE])("writes the double %d", (value) => {
  expect(written((bytes, at) => writeDouble(bytes, at, value))).toEqual([...new BinaryWriter().double(value).finish()]);
});

it.each([0, 1, 127, 128, 129, 16383, 16384, 2097151, 2097152])(
  "closes a length of %d over any reserved bytes",
  (length) => {
    for (const reserved of [1, 2, 3, 4]) {
      const bytes = new Uint8Array(length + 16);
      const start = 2 + reserved;
      for (let i = 0; i < length; i++) bytes[start + i] = i % 251;
      const end = closeLength(bytes, 2, reserved, start + length);
      const reader = new BinaryReader(bytes.subarray(2, end));
      const content = reader.bytes();
      expect(reader.pos).toBe(end - 2);
      expect(content).toHaveLength(length);
      expect(content.every((byte, i) => byte === i % 251)).toBe(true);
    }
  },
);
