import { describe, expect, it } from "vitest";
import { compareFigures, directionOf } from "../../bench/compare/compare-figures.js";
import { parseOutput } from "../../bench/compare/parse-output.js";

describe("figures", () => {
  it.each([
    ["rows/s", "higher"],
    ["ours/s", "higher"],
    ["ratio", "higher"],
    ["hostile to benign", "higher"],
    ["seconds", "lower"],
    ["processor seconds", "lower"],
    ["median ms", "lower"],
    ["ns", "lower"],
    ["collector MiB", "lower"],
    ["lost", "lower"],
    ["rows", undefined],
    ["million packets", undefined],
    ["received", undefined],
  ])("of %s are better when %s", (key, direction) => {
    expect(directionOf(key)).toBe(direction);
  });

  it("are compared by the median of what each round became worse by", () => {
    const round = (rate: number, seconds: number) => [
      { name: "decode", figures: { "rows/s": rate, seconds, rows: 7 } },
    ];
    const before = [round(100, 1), round(200, 2), round(50, 3)];
    const now = [round(50, 1), round(160, 3), round(50, 6)];
    expect(compareFigures(before, now)).toEqual([
      // Worse by 100 %, 25 % and 0 %; by 0 %, 50 % and 100 %.
      { name: "decode", key: "rows/s", direction: "higher", before: 100, now: 50, worseBy: 0.25, range: [0, 1] },
      { name: "decode", key: "seconds", direction: "lower", before: 2, now: 3, worseBy: 0.5, range: [0, 1] },
    ]);
  });

  it("that only one version has are omitted", () => {
    const [old] = [[{ name: "decode", figures: { "rows/s": 1 } }]];
    expect(compareFigures([old!], [[{ name: "encode", figures: { "rows/s": 1 } }]])).toEqual([]);
    expect(compareFigures([], [old!])).toEqual([]);
  });
});

it("what version 0.1.0 printed is read, and what is not a report is skipped", () => {
  const output = [
    "encode dns: ours/s 741 180, protobuf-es/s 143 878, ratio 5.15",
    "agent to collector to DuckDB: rows/s 178 000, seconds 20.05, agent MiB 220, collector MiB 802",
    "1 M DNS packets, tshark: not installed",
    "# decode/dns.ts",
    "",
  ].join("\n");
  expect(parseOutput(output)).toEqual([
    { name: "encode dns", figures: { "ours/s": 741_180, "protobuf-es/s": 143_878, ratio: 5.15 } },
    {
      name: "agent to collector to DuckDB",
      figures: { "rows/s": 178_000, seconds: 20.05, "agent MiB": 220, "collector MiB": 802 },
    },
  ]);
});
