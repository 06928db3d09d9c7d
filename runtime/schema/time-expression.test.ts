import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RequestClock } from "./request-clock.js";
import { parseTime } from "./time-expression.js";

/** 2026-01-31T12:34:56.789Z, by `date -u -d @1769862896`. */
const NOW = 1_769_862_896_789_000_000n;
const SECOND = 1_000_000_000n;
const parse = (text: string) => parseTime(text, new RequestClock(NOW));

describe("a time as people write it", () => {
  it.each([
    // date -u -d '2026-01-31 12:00:00' +%s
    ["2026-01-31T12:00:00Z", 1_769_860_800n * SECOND],
    ["2026-01-31T12:00:00", 1_769_860_800n * SECOND],
    ["2026-01-31 12:00:00", 1_769_860_800n * SECOND],
    ["2026-01-31 12:00", 1_769_860_800n * SECOND],
    ["2026-01-31T13:00:00+01:00", 1_769_860_800n * SECOND],
    ["2026-01-31T13:00:00 01:00", 1_769_860_800n * SECOND],
    ["2026-01-31T13:00:00+0100", 1_769_860_800n * SECOND],
    ["2026-01-31 12:00:00.25", 1_769_860_800_250_000_000n],
    ["2026-01-31", 1_769_817_600n * SECOND],
    ["1769860800", 1_769_860_800n * SECOND],
    ["1769860800.000000001", 1_769_860_800n * SECOND + 1n],
    ["1769860800000", 1_769_860_800n * SECOND],
    ["1769860800000000", 1_769_860_800n * SECOND],
    ["1769860800000000001", 1_769_860_800n * SECOND + 1n],
    ["999999999", 999_999_999n * SECOND],
    // The last nanosecond of a signed 64-bit number: date -u -d @9223372036 is 2262-04-11 23:47:16.
    ["9223372036.854775807", 2n ** 63n - 1n],
    ["9223372036854775807", 2n ** 63n - 1n],
    ["2262-04-11T23:47:16.854775807Z", 2n ** 63n - 1n],
    ["9223372036854", 9_223_372_036_854_000_000n],
    ["9223372036854775", 9_223_372_036_854_775_000n],
    // date -u -d 1677-09-22 +%s, the first day that DuckDB's TIMESTAMP_NS has whole.
    ["1677-09-22", -9_223_286_400n * SECOND],
    // 1973-03-03, the first time that has nine digits of seconds.
    ["100000000", 100_000_000n * SECOND],
    ["100000000000", 100_000_000n * SECOND],
    ["100000000000000", 100_000_000n * SECOND],
    ["100000000000000000", 100_000_000n * SECOND],
    ["now", NOW],
    ["NOW", NOW],
    ["now-15m", NOW - 900n * SECOND],
    ["now-1h30m", NOW - 5400n * SECOND],
    ["now-7d", NOW - 604_800n * SECOND],
    ["now-1.5s", NOW - 1_500_000_000n],
    ["now+1h", NOW + 3600n * SECOND],
    ["now 1h", NOW + 3600n * SECOND],
    ["now/d", 1_769_817_600n * SECOND],
    ["now/h", 1_769_860_800n * SECOND],
    ["now-1d/d", 1_769_731_200n * SECOND],
    ["today", 1_769_817_600n * SECOND],
    ["yesterday", 1_769_731_200n * SECOND],
  ])("%s", (text, nanoseconds) => {
    expect(parse(text)).toBe(nanoseconds);
  });

  it.each([
    "",
    "2026",
    "20260131",
    "2026-02-30",
    "2026-01-31T25:00",
    "1769860800000.5",
    "17698608000000000000",
    "-1769860800",
    "now-15",
    "now-",
    "now-15x",
    "now-99999999999w",
    "tomorrow?",
    "9999-01-01",
    // One beyond the last, in each unit.
    "9223372036.854775808",
    "9223372037",
    "9223372036855",
    "9223372036854776",
    "9223372036854775808",
    "2262-04-11T23:47:16.854775808Z",
    "1677-09-21T23:59:59.999999999Z",
    "1677-09-21T00:12:43.145224192Z",
    "now-18000w",
    // Between two units: the smaller number of digits is too late, the larger one too early.
    "10000000000",
    "10000000000000",
    "10000000000000000",
  ])("%j is refused", (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it("is a 64-bit number or refused, whatever the text", () => {
    const parts = fc.constantFrom(
      "now",
      "-",
      "+",
      "1",
      "9",
      "/",
      "d",
      "h",
      "ms",
      ".",
      " ",
      "today",
      "2026-01-31",
      "T",
      ":",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts).map((all) => all.join("")),
        ),
        (text) => {
          const time = parse(text);
          expect(time === undefined || BigInt.asIntN(64, time) === time).toBe(true);
        },
      ),
    );
  });
});
