import { expect, test } from "vitest";
import { RefusedBatchSearch } from "./refused-batch-search.js";

test("batches are sent one at a time up to the last one that was sent when the collector refused one", () => {
  const search = new RefusedBatchSearch();
  expect(search.isProbing(0n)).toBe(false);
  expect(search.markRefused(3n, 7n)).toBe(false);
  expect([2n, 3n, 6n, 7n].map((committed) => search.isProbing(committed))).toEqual([true, true, true, false]);
  search.reset();
  expect(search.isProbing(0n)).toBe(false);
});

test("a batch is the refused one when it was refused twice alone, without a commit between", () => {
  const search = new RefusedBatchSearch();
  expect(search.markRefused(3n, 3n)).toBe(false);
  expect(search.isProbing(9n)).toBe(true);
  search.markAcknowledged();
  expect(search.isProbing(9n)).toBe(false);
  expect(search.markRefused(4n, 4n)).toBe(false);
  expect(search.markRefused(4n, 4n)).toBe(true);
  expect(search.isProbing(9n)).toBe(false);
});
