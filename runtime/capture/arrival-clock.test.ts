import { expect, test } from "vitest";
import { Timestamp } from "../record/timestamp.js";
import { ArrivalClock } from "./arrival-clock.js";

test("returns the time of the wall clock and never goes backwards", () => {
  const earliest = Date.now();
  const clock = new ArrivalClock();
  const time = new Timestamp();
  let before = 0n;
  for (let i = 0; i < 10_000; i++) {
    clock.read(time);
    expect(time.toBigInt()).toBeGreaterThanOrEqual(before);
    before = time.toBigInt();
  }
  // The wall clock is read in whole milliseconds.
  const milliseconds = Number(before / 1_000_000n);
  expect(milliseconds).toBeGreaterThanOrEqual(earliest - 1);
  expect(milliseconds).toBeLessThanOrEqual(Date.now() + 1);
});
