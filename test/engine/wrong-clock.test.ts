import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { udpFrame } from "../../runtime/plugin/testing/udp-frame.js";

const flow = findPlugin(registry.plugins, "flow");
const dns = findPlugin(registry.plugins, "dns");

const DAY = 86_400;
const CLIENT = { srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
const SERVER = { srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };

function countBy<Key extends string>(keys: readonly Key[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

describe("a packet with a wrong timestamp", () => {
  it.each([0, DAY])("ends no other conversation where the table of them is full: %i seconds ahead", (wrong) => {
    const bench = DecoderBench.configured({ limits: { conversations: 16 } }, flow);
    const send = (port: number, atSeconds: number) =>
      bench.frame(udpFrame(new Uint8Array(4), { ...CLIENT, srcPort: port, dstPort: 3999 }), { atSeconds });
    for (let i = 0; i < 16; i++) send(3000 + i, i / 100);
    send(3016, 0.16 + wrong);
    for (let i = 1; i < 16; i++) send(3000 + i, 0.2 + i / 100);
    bench.endInput();
    const rows = bench.rows("flow").map((row) => `${row["end_reason"]} ${row["src_packets"]}`);
    expect(countBy(rows)).toEqual({ "EVICTED 1": 1, "END_OF_INPUT 1": 1, "END_OF_INPUT 2": 15 });
  });

  it.each([0, DAY])("gives up no other request where the table of them is full: %i seconds ahead", (wrong) => {
    const bench = DecoderBench.configured({ limits: { pending_bytes: 65_536 } }, dns);
    const message = (id: number, flags: string) => {
      const label = `3f${"61".repeat(63)}`;
      return Buffer.from(`${id.toString(16).padStart(4, "0")}${flags}00010000000000${"00"}${label}0000010001`, "hex");
    };
    const count = 700;
    for (let id = 0; id < count; id++) {
      bench.frame(udpFrame(message(id, "0100"), { ...CLIENT, srcPort: 40_000, dstPort: 53 }), { atSeconds: id / 1000 });
    }
    bench.frame(udpFrame(message(60_000, "0100"), { ...CLIENT, srcPort: 40_001, dstPort: 53 }), {
      atSeconds: 1 + wrong,
    });
    for (let id = 0; id < count; id++) {
      const options = { atSeconds: 1 + id / 1000 };
      bench.frame(udpFrame(message(id, "8180"), { ...SERVER, srcPort: 53, dstPort: 40_000 }), options);
    }
    bench.endInput();
    const states = countBy(bench.rows("dns").map(({ state }) => state as string));
    expect(states["COMPLETE"]).toBeGreaterThan(100);
    expect(states["COMPLETE"]! + states["UNSOLICITED"]!).toBe(count);
    expect(states["COMPLETE"]! + states["UNANSWERED"]!).toBe(count + 1);
  });

  it.each([0, 1, 50])("leaves a flow its duration and active timeout: packet %i of 100", (wrong) => {
    const bench = new DecoderBench(flow);
    for (let i = 0; i < 100; i++) {
      const atSeconds = i * 5;
      const frame = udpFrame(Buffer.from([i]), { ...CLIENT, srcPort: 3000, dstPort: 3001 });
      bench.frame(frame, { atSeconds: atSeconds + (i === wrong ? DAY : 0) });
      bench.frame(udpFrame(Buffer.from([i]), { ...SERVER, srcPort: 9, dstPort: 9 }), { atSeconds: atSeconds + 1 });
    }
    bench.endInput();
    const rows = bench.rows("flow").filter(({ dst_port }) => dst_port === 3001);
    expect(rows.reduce((sum, { src_packets }) => sum + Number(src_packets), 0)).toBe(100);
    const durations = rows.map(({ duration }) => Number.parseFloat(String(duration)));
    for (const duration of durations) expect(duration).toBeLessThanOrEqual(300);
    expect(durations.reduce((sum, duration) => sum + duration, 0)).toBeGreaterThan(480);
  });
});
