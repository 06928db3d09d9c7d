import { beforeEach, describe, expect, it } from "vitest";
import { WireloomError } from "../wireloom-error.js";
import type { CollectorLog } from "./collector-log.js";
import { createCollectorLog } from "./collector-log.js";

let lines: string[];
let time: number;
let log: CollectorLog;

beforeEach(() => {
  lines = [];
  time = 0;
  log = createCollectorLog(
    (line) => lines.push(line),
    () => time,
  );
});

const storeError = (cause: string) =>
  new WireloomError("store_failed", "rows.duckdb failed", { cause: new Error(cause) });

describe("the collector's log", () => {
  it("has a line an error, with its cause", () => {
    log(storeError("could not write"));
    log(
      new WireloomError("store_failed", "rows.duckdb failed: could not write", { cause: new Error("could not write") }),
    );
    expect(lines).toEqual(["rows.duckdb failed (could not write)", "rows.duckdb failed: could not write"]);
  });

  it("has the same error once in ten seconds, and then how often it came", () => {
    for (let i = 0; i < 1000; i++) log(storeError("again"));
    time = 9_999;
    log(storeError("again"));
    expect(lines).toHaveLength(1);
    time = 10_000;
    log(storeError("again"));
    expect(lines.at(-1)).toBe("rows.duckdb failed (again) (and 1000 times more since)");
    expect(lines).toHaveLength(2);
  });

  it("has a bounded number of lines, and says how many are missing", () => {
    for (let i = 0; i < 10_000; i++) log(storeError(`number ${i}`));
    expect(lines).toHaveLength(100);
    time = 10_000;
    log(storeError("another"));
    expect(lines.slice(100)).toEqual(["9900 more errors are not shown", "rows.duckdb failed (another)"]);
  });

  it("has room for errors when events come without end, and for events when errors do", () => {
    for (let i = 0; i < 1000; i++) log(`agent ${i} is connected`);
    log(storeError("disk"));
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe("rows.duckdb failed (disk)");
    for (let i = 0; i < 1000; i++) log(storeError(`number ${i}`));
    time = 10_000;
    log("agent 1 is disconnected");
    expect(lines.slice(200)).toEqual(["900 more events are not shown", "agent 1 is disconnected"]);
  });

  it("has all there is of a bug, the first time", () => {
    const bug = new TypeError("x is not a function");
    log(bug);
    time = 20_000;
    log(bug);
    expect(lines[0]).toBe("this is a bug, please report it: x is not a function");
    expect(lines[1]).toContain("collector-log.test.ts");
    expect(lines.slice(2)).toEqual(["this is a bug, please report it: x is not a function"]);
  });

  it("cannot be steered by what a client sent", () => {
    log(new WireloomError("store_failed", "agent a\r\nwireloom: all is well\u001b[2J"));
    expect(lines).toEqual(["agent a wireloom: all is well [2J"]);
  });
});
