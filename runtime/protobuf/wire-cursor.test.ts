import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { describe, expect, it } from "vitest";
import { WireCursor } from "./wire-cursor.js";

function cursorOn(bytes: Uint8Array, end = bytes.length): WireCursor {
  const cursor = new WireCursor();
  // Others follow, which are not the message's.
  const padded = Uint8Array.from([...bytes, ...new Uint8Array(16)]);
  cursor.open(padded, 0, end);
  return cursor;
}

const VALUES = [
  0n,
  1n,
  127n,
  128n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

describe("a varint", () => {
  it.each(VALUES)("of %d is read whole", (value) => {
    const bytes = new BinaryWriter().uint64(value).finish();
    const cursor = cursorOn(bytes);
    cursor.varint64();
    expect((BigInt(cursor.high) << 32n) | BigInt(cursor.low)).toBe(value);
    expect(cursor.position).toBe(bytes.length);
    expect(cursorOn(bytes).varint32()).toBe(Number(value & 0xffffffffn));
    if (value <= 2n ** 53n) expect(cursorOn(bytes).varintNumber()).toBe(Number(value));
  });

  it.each(VALUES)("of %d is refused wherever it is truncated", (value) => {
    const bytes = new BinaryWriter().uint64(value).finish();
    for (let end = 0; end < bytes.length; end++) {
      expect(() => cursorOn(bytes, end).varint64()).toThrow(`a number ends early at byte ${end}`);
      expect(() => cursorOn(bytes, end).varint32()).toThrow("a number ends early");
    }
  });

  it.each([-1n, -(2n ** 31n), -(2n ** 53n)])("of %d is read as a signed number", (value) => {
    const bytes = new BinaryWriter().int64(value).finish();
    expect(cursorOn(bytes).int64()).toBe(Number(value));
    if (value >= -(2n ** 31n)) expect(cursorOn(bytes).varint32() | 0).toBe(Number(value));
  });

  it.each([0, -1, 2 ** 31 - 1, -(2 ** 31)])("of %d in zigzag form is read", (value) => {
    expect(cursorOn(new BinaryWriter().sint32(value).finish()).zigzag32()).toBe(value);
  });

  it("may have more bytes than it needs, ten at most", () => {
    expect(cursorOn(Uint8Array.of(0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)).varintNumber()).toBe(1);
    expect(() => cursorOn(new Uint8Array(11).fill(0x80)).varint64()).toThrow("a number is longer than ten bytes");
  });

  it("drops bits of the tenth byte that 64 bits do not have", () => {
    const cursor = cursorOn(Uint8Array.of(...new Uint8Array(9).fill(0xff), 0x7f));
    cursor.varint64();
    expect([cursor.high, cursor.low]).toEqual([0xffffffff, 0xffffffff]);
  });
});

describe("other values", () => {
  it.each(["fixed64", "double"] as const)("%s is refused wherever it is truncated", (method) => {
    for (let end = 0; end < 8; end++) {
      expect(() => cursorOn(new Uint8Array(8), end)[method]()).toThrow("a value ends early at byte 0");
    }
  });

  it("reads 64 bits and doubles", () => {
    const cursor = cursorOn(new BinaryWriter().fixed64(0xfedcba9876543210n).finish());
    cursor.fixed64();
    expect([cursor.high, cursor.low]).toEqual([0xfedcba98, 0x76543210]);
    expect(cursorOn(new BinaryWriter().double(-1.5e300).finish()).double()).toBe(-1.5e300);
  });

  it("refuses a length beyond the message, of 32 bits too", () => {
    expect(cursorOn(Uint8Array.of(2, 7, 7)).length()).toBe(2);
    expect(() => cursorOn(Uint8Array.of(3, 7, 7)).length()).toThrow("longer than what holds it");
    expect(() => cursorOn(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)).length()).toThrow("longer than what holds it");
  });

  it("skips fields of each wire type, and refuses those that protobuf does not have", () => {
    const message = new BinaryWriter()
      .tag(1, 0)
      .uint64(2n ** 64n - 1n)
      .tag(2, 1)
      .fixed64(1n)
      .tag(3, 2)
      .bytes(Uint8Array.of(1, 2, 3))
      .tag(4, 5)
      .fixed32(1)
      .finish();
    const cursor = cursorOn(message);
    while (cursor.position < cursor.end) cursor.skip(cursor.varint32());
    expect(cursor.position).toBe(message.length);
    for (const type of [3, 4, 6, 7]) expect(() => cursorOn(message).skip(8 + type)).toThrow(`wire type ${type}`);
    expect(() => cursorOn(message).skip(2)).toThrow("field number 0");
  });

  it("accepts only UTF-8 as text", () => {
    const check = (bytes: readonly number[]) => () => cursorOn(Uint8Array.from(bytes)).checkText(bytes.length, "name");
    expect(check([0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80])).not.toThrow();
    for (const bytes of [[0x61, 0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
      expect(check(bytes)).toThrow("name is not UTF-8");
    }
  });
});
