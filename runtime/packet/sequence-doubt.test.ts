import { expect, it } from "vitest";
import { MAX_SURE_BYTES, SequenceDoubt } from "./sequence-doubt.js";

const FAR = MAX_SURE_BYTES + 1;

it("accepts near numbers, before or after the stream's position", () => {
  const doubt = new SequenceDoubt();
  for (const ahead of [0, 1, MAX_SURE_BYTES, -1, -(2 ** 31)]) expect(doubt.believes(ahead, 77, 10)).toBe(true);
});

it.each([
  ["data that continues it", 1000, 10, 1010, 10, true],
  ["data a little after it", 1000, 10, 1500, 10, true],
  ["an acknowledgement of it", 1000, 10, 1010, 0, true],
  ["data from where an acknowledgement was", 1000, 0, 1000, 10, true],
  ["a later acknowledgement", 1000, 0, 1010, 0, true],
  ["a number that wraps around", 2 ** 32 - 5, 10, 5, 10, true],
  ["the same data", 1000, 10, 1000, 10, false],
  ["the same acknowledgement", 1000, 0, 1000, 0, false],
  ["data before it", 1000, 10, 900, 10, false],
  ["data far after it", 1000, 10, 1010 + FAR, 10, false],
])("a far number is confirmed, or not, by %s", (_, first, firstLength, second, secondLength, isConfirmed) => {
  const doubt = new SequenceDoubt();
  expect(doubt.believes(FAR, first, firstLength)).toBe(false);
  expect(doubt.believes(FAR, second, secondLength)).toBe(isConfirmed);
});

it("a number confirmed by a confirmed number confirms its continuation", () => {
  const doubt = new SequenceDoubt();
  expect([1000, 1010, 1020].map((sequence) => doubt.believes(FAR, sequence, 10))).toEqual([false, true, true]);
});
