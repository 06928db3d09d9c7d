import { expect, it } from "vitest";
import { isUnit } from "./unit.js";

it.each([
  ...[
    "By",
    "bit",
    "s",
    "ms",
    "us",
    "ns",
    "min",
    "h",
    "d",
    "1",
    "%",
    "{packet}",
    "1{row}",
    "By/s",
    "{packet}/s",
    "Mibit/s",
    "KiBy",
  ],
  ...["kHz", "Cel", "V", "mW", "dB[mW]", "m/s2", "m.s-1", "/s", "10.s", "deg", "[ppm]", "km", "Bd"],
])("%s is a unit", (text) => {
  expect(isUnit(text)).toBe(true);
});

it.each([
  ...[
    "bytes",
    "Bytes",
    "byte",
    "B/sec",
    "seconds",
    "sec",
    "packets",
    "bits",
    "percent",
    "so many",
    "",
    "/",
    "s/",
    "s//s",
    "{}",
    "{a",
  ],
  ...["by", "kmin", "{a b}", "{{a}}", "s\n", "é", "__proto__", "constructor"],
])("%j is not a unit", (text) => {
  expect(isUnit(text)).toBe(false);
});
