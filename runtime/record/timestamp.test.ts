import fc from "fast-check";
import { expect, test } from "vitest";
import { Timestamp } from "./timestamp.js";

/** Nanoseconds since the epoch that a timestamp holds in range. */
const times = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

function timestampOf(nanoseconds: bigint): Timestamp {
  const time = new Timestamp();
  time.high = Number(nanoseconds >> 32n);
  time.low = Number(nanoseconds & 0xffffffffn);
  return time;
}

test("the difference of two times is exact below 104 days", () => {
  fc.assert(
    fc.property(times, fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }), (time, difference) => {
      const earlier = time - difference;
      fc.pre(earlier >= 0n && earlier < 2n ** 63n);
      expect(timestampOf(time).nanosecondsSince(timestampOf(earlier))).toBe(Number(difference));
    }),
  );
});

test("nanoseconds are rounded to the nearest number", () => {
  fc.assert(
    fc.property(times, (time) => {
      expect(timestampOf(time).nanoseconds).toBe(Number(time));
    }),
  );
});

test("returns the time that was set", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 33 }),
      fc.integer({ min: 0, max: 999_999_999 }),
      (seconds, nanoseconds) => {
        const time = new Timestamp();
        time.set(seconds, nanoseconds);
        expect(time.toBigInt()).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
      },
    ),
  );
});
