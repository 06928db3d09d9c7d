import { expect, it } from "vitest";
import { describeSeconds } from "./describe-seconds.js";

it.each([
  [2_592_000, "30 days"],
  [86_400, "1 day"],
  [129_600, "36 hours"],
  [5400, "90 minutes"],
  [61, "61 seconds"],
  [1, "1 second"],
])("%d s are %s", (seconds, text) => {
  expect(describeSeconds(seconds)).toBe(text);
});
