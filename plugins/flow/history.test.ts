import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";

const flow = findPlugin(registry.plugins, "flow");

const THERE = { srcPort: 40000, dstPort: 9000, srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
const BACK = { srcPort: 9000, dstPort: 40000, srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };
const FIN = 1;
const SYN = 2;
const ACK = 16;

interface Segment {
  readonly flags?: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly data?: string;
  readonly window?: number;
}

/** The history of a connection that is open, after segments of the client (`>`) and of the server (`<`). */
function historyOf(...segments: readonly (readonly [">" | "<", Segment])[]): unknown {
  const bench = new DecoderBench(flow);
  const opening: (readonly [">" | "<", Segment])[] = [
    [">", { flags: SYN, sequence: 0, acknowledgement: 0 }],
    ["<", { flags: SYN | ACK, sequence: 0, acknowledgement: 1 }],
    [">", { sequence: 1, acknowledgement: 1 }],
  ];
  for (const [side, { data = "", flags = ACK, ...rest }] of [...opening, ...segments]) {
    bench.frame(tcpFrame(Buffer.from(data), side === ">" ? THERE : BACK, { flags, ...rest }));
  }
  return bench.finish()[0]!["history"];
}

const data = { sequence: 1, acknowledgement: 1, data: "abcd" };

describe("events of Zeek's history", () => {
  it("are noted once a side, in order", () => {
    expect(
      historyOf(
        [">", data],
        [">", { ...data, sequence: 5 }],
        ["<", { sequence: 1, acknowledgement: 9, data: "xy" }],
        [">", { sequence: 9, acknowledgement: 3 }],
        ["<", { flags: FIN | ACK, sequence: 3, acknowledgement: 9 }],
      ),
    ).toBe("ShADdf");
  });

  it.each([
    [1, "t"],
    [9, "t"],
    [10, "tt"],
    [99, "tt"],
    [100, "ttt"],
  ])("data that is sent again %i times is %s", (times, letters) => {
    const again = Array.from({ length: times }, () => ["<", data] as const);
    expect(historyOf(["<", data], ...again)).toBe(`ShAd${letters}`);
  });

  it("a window of zero and bytes that were not captured are noted again, too", () => {
    const zero = Array.from({ length: 10 }, () => [">", { sequence: 1, acknowledgement: 1, window: 0 }] as const);
    expect(historyOf(...zero)).toBe("ShAWW");
    const lost = Array.from({ length: 10 }, (_, i) => [">", { sequence: 1, acknowledgement: 101 + 100 * i }] as const);
    expect(historyOf(...lost)).toBe("ShAgg");
  });
});
