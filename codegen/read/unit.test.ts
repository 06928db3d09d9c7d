import { expect, it } from "vitest";
import { isUnit } from "./unit.js";

const UNITS =
  "By bit s ms us ns min h d 1 % {packet} 1{row} By/s {packet}/s Mibit/s KiBy kHz Cel V mW dB dB[W] m/s2 m.s-1 /s 10.s deg [ppm] [degF] km Bd 10*6 10^-9 {packets/flow} {frames.lost}";
const OTHERS =
  "bytes Bytes byte B B/s kB GB B/sec seconds sec packets bits percent / s/ s//s {} {a by kmin {{a}} é 0 1/0 __proto__ constructor 1e6";

it.each(UNITS.split(" "))("%s is a unit", (text) => {
  expect(isUnit(text)).toBe(true);
});

it.each([...OTHERS.split(" "), "so many", "", "s\n", "{a b}", "s s"])("%j is not a unit", (text) => {
  expect(isUnit(text)).toBe(false);
});
