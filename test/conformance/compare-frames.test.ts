import { describe, expect, it } from "vitest";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import { Agreement } from "./agreement.js";
import type { CaptureReadings } from "./capture-readings.js";
import { AGAIN, compareFrames } from "./compare-frames.js";
import type { ComparisonPlan } from "./comparison-plan.js";
import { comparisonPlans } from "./comparison-plans.js";
import type { TsharkFrame } from "./tshark-frame.js";

const httpPlan = comparisonPlans["http"]!;
const tlsPlan = comparisonPlans["tls"]!;
const REQUEST: TsharkFrame = { "http.request": ["1"] };
const SEGMENT: TsharkFrame = {};

function readings(frames: readonly TsharkFrame[], resource: string, rows: readonly RowObject[]): CaptureReadings {
  return {
    capture: "some.pcap",
    tshark: { frames, packets: [], problem: undefined },
    ours: { rows: new Map([[resource, rows]]), refused: () => false },
    otherLayers: { compared: 0, byFrame: new Map(), conversations: new Set() },
    innermost: [],
    copies: new Set([2]),
  };
}

function compare(plan: ComparisonPlan, frames: readonly TsharkFrame[], ...rows: readonly RowObject[]) {
  const agreement = new Agreement();
  const differences = compareFrames(plan, readings(frames, plan.table.resource, rows), agreement);
  return {
    differences: differences.map(({ frame, ours, tshark }) => [frame, ours, tshark]),
    compared: agreement.total.compared,
  };
}

const row = (values: RowObject): RowObject => ({ frame_number: 1, response_frame: null, incomplete: false, ...values });

describe("frames and the rows that represent them", () => {
  it("agree where each message has one row", () => {
    expect(compare(httpPlan, [REQUEST], row({}))).toEqual({ differences: [], compared: 1 });
  });

  it("differ where a message has no row, and where a row has no message", () => {
    expect(compare(httpPlan, [REQUEST, SEGMENT], row({ frame_number: 2 })).differences).toEqual([
      [1, "in 0 rows", "1 message"],
      [2, "in 1 rows", "0 message"],
    ]);
  });

  it("say that a message was captured a moment before", () => {
    const frames = [REQUEST, SEGMENT, REQUEST];
    expect(compare(httpPlan, frames, row({})).differences).toEqual([[3, "in 0 rows", AGAIN]]);
  });

  it("are not compared where a header does not end, of which tshark shows nothing", () => {
    expect(compare(httpPlan, [SEGMENT], row({ incomplete: true }))).toEqual({ differences: [], compared: 0 });
    expect(compare(httpPlan, [REQUEST], row({ incomplete: true }))).toEqual({ differences: [], compared: 1 });
    const hello = row({ client_version: "TLS1_2", malformed: true, ja3: null });
    expect(compare(tlsPlan, [SEGMENT], hello)).toEqual({ differences: [], compared: 0 });
    expect(compare(tlsPlan, [SEGMENT], { ...hello, ja3: "0" })).toMatchObject({ compared: 1 });
  });
});
