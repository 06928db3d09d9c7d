import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";
import { Holes } from "./holes.js";

const flow = findPlugin(registry.plugins, "flow");

const THERE = { srcPort: 40000, dstPort: 9000, srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
const BACK = { srcPort: 9000, dstPort: 40000, srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };

describe("holes of a direction", () => {
  it("contain the numbers that were added and not yet taken", () => {
    const range = fc.record({ start: fc.nat(200), length: fc.nat(40) });
    fc.assert(
      fc.property(
        fc.array(fc.record({ skip: fc.nat(9), length: fc.integer({ min: 1, max: 9 }) })),
        fc.array(range),
        fc.integer(),
        (added, taken, base) => {
          const holes = new Holes();
          const open = new Set<number>();
          let at = 0;
          for (const { skip, length } of added.slice(0, 20)) {
            at += skip + 1;
            holes.add(7, (base + at) | 0, (base + at + length) | 0);
            for (let i = 0; i < length; i++) open.add(at + i);
            at += length;
          }
          for (const { start, length } of taken) {
            let expected = 0;
            for (let i = 0; i < length; i++) if (open.delete(start + i)) expected++;
            expect(holes.take(7, (base + start) | 0, (base + start + length) | 0)).toBe(expected);
            expect(holes.has(7)).toBe(open.size > 0);
          }
          holes.forget(7);
          expect(holes.has(7)).toBe(false);
        },
      ),
    );
  });

  it("are forgotten, the oldest first, where there are too many", () => {
    const holes = new Holes();
    for (let i = 0; i < 70; i++) holes.add(1, i * 10, i * 10 + 5);
    expect(holes.take(1, 0, 60)).toBe(0);
    expect(holes.take(1, 60, 65)).toBe(5);
    for (let direction = 2; direction < 40_000; direction++) {
      holes.add(direction, 0, 1);
      holes.add(direction, 2, 3);
    }
    expect(holes.has(1)).toBe(false);
    expect(holes.has(2)).toBe(false);
    expect(holes.has(39_999)).toBe(true);
    let followed = 0;
    for (let direction = 1; direction < 40_000; direction++) followed += holes.take(direction, 0, 3);
    expect(followed).toBe(65_536);
  });
});

it("a flow's missed bytes are the acknowledged bytes that no captured packet carried before", () => {
  const SEGMENT = 10;
  const step = fc.record({
    /** Segment of the server that is sent. */
    segment: fc.nat(30),
    /** Its packet is captured. */
    isCaptured: fc.boolean(),
    /** The client acknowledges what it has. */
    isAcknowledged: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) => {
      const bench = new DecoderBench(flow);
      bench.frame(tcpFrame(new Uint8Array(0), THERE, { flags: 2, sequence: 0, acknowledgement: 0 }));
      bench.frame(tcpFrame(new Uint8Array(0), BACK, { flags: 18, sequence: 0, acknowledgement: 1 }));
      const received = new Set<number>();
      const captured = new Set<number>();
      let missed = 0;
      let acknowledged = 0;
      for (const { segment, isCaptured, isAcknowledged } of steps) {
        received.add(segment);
        if (isCaptured) {
          captured.add(segment);
          const sequence = 1 + segment * SEGMENT;
          bench.frame(tcpFrame(new Uint8Array(SEGMENT), BACK, { flags: 16, sequence, acknowledgement: 1 }));
        }
        if (!isAcknowledged) continue;
        let next = acknowledged;
        while (received.has(next)) next++;
        for (let i = acknowledged; i < next; i++) if (!captured.has(i)) missed += SEGMENT;
        acknowledged = next;
        const acknowledgement = 1 + next * SEGMENT;
        bench.frame(tcpFrame(new Uint8Array(0), THERE, { flags: 16, sequence: 1, acknowledgement }));
      }
      expect(bench.finish()).toMatchObject([{ dst_missed_bytes: missed, src_missed_bytes: 0, gap: missed > 0 }]);
    }),
    { numRuns: 300 },
  );
});

it("a flow's missed bytes are right after a long loss, whichever segments end the doubt about it", () => {
  const LOST = 10_000_000;
  const missedOf = (segments: readonly number[]) => {
    const bench = new DecoderBench(flow);
    bench.frame(tcpFrame(new Uint8Array(0), THERE, { flags: 2, sequence: 0, acknowledgement: 0 }));
    bench.frame(tcpFrame(new Uint8Array(0), BACK, { flags: 18, sequence: 0, acknowledgement: 1 }));
    for (const at of segments) {
      bench.frame(tcpFrame(new Uint8Array(1000), BACK, { flags: 16, sequence: 1 + LOST + at, acknowledgement: 1 }));
    }
    bench.frame(tcpFrame(new Uint8Array(0), THERE, { flags: 16, sequence: 1, acknowledgement: 1 + LOST + 3000 }));
    return bench.finish()[0]!["dst_missed_bytes"];
  };
  expect(missedOf([0, 1000, 2000])).toBe(LOST);
  expect(missedOf([0, 2000, 1000])).toBe(LOST);
  expect(missedOf([0, 2000])).toBe(LOST + 1000);
});
