import { expect, test } from "vitest";
import { snakeCase } from "./snake-case.js";

test.each([
  ["evictedByTotal", "evicted_by_total"],
  ["ResourceExhausted", "resource_exhausted"],
  ["gaps", "gaps"],
  ["", ""],
])("%j is %j", (name, expected) => {
  expect(snakeCase(name)).toBe(expected);
});
