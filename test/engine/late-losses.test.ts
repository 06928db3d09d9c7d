import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";
import { udpFrame } from "../../runtime/plugin/testing/udp-frame.js";

const dns = findPlugin(registry.plugins, "dns");

const THERE = { srcPort: 40_000, dstPort: 53, srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
const BACK = { srcPort: 53, dstPort: 40_000, srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };
const QUESTION = "03777777076578616d706c650000010001";
const QUERY = Buffer.from(`000101000001000000000000${QUESTION}`, "hex");
const RESPONSE = Buffer.from(
  `000181800001001000000000${QUESTION}${"c00c000100010000003c0004c0000201".repeat(16)}`,
  "hex",
);

/** Packets of another conversation, `count` of them from one time to another. */
function others(bench: DecoderBench, count: number, from: number, to: number): void {
  for (let i = 0; i < count; i++) {
    const frame = udpFrame(Buffer.from([i, i >> 8]), { srcPort: 3000, dstPort: 3001 });
    bench.frame(frame, { atSeconds: from + ((to - from) * i) / count });
  }
}

describe("packets of other conversations make no difference to", () => {
  /** Rows of a query whose response came in fragments, of which the first alone was captured. */
  function fragmentRows(delay: number, count: number): RowObject[] {
    const bench = new DecoderBench(dns);
    bench.frame(udpFrame(QUERY, THERE), { atSeconds: 0 });
    const frame = udpFrame(RESPONSE, BACK);
    const first = Buffer.from(frame.subarray(0, 34 + 64));
    first.writeUInt16BE(20 + 64, 16);
    first.writeUInt16BE(7, 18);
    first.writeUInt16BE(0x2000, 20);
    bench.frame(first, { atSeconds: delay });
    others(bench, count, delay + 1, delay + 90);
    bench.frame(udpFrame(new Uint8Array(4), { srcPort: 3000, dstPort: 3001 }), { atSeconds: delay + 95 });
    bench.endInput();
    return bench.rows("dns");
  }

  it.each([0, 10, 300, 3000])("a response whose later fragments never come: %i packets", (count) => {
    expect(fragmentRows(5, count)).toMatchObject([{ state: "COMPLETE", latency: "5s", truncated: true }]);
    // The fragments wait for 15 s, the request for 30.
    expect(fragmentRows(20, count).map(({ state }) => state)).toEqual(["UNANSWERED", "UNSOLICITED"]);
  });

  it("a response whose later fragments never come, captured after one that was sent later", () => {
    const bench = new DecoderBench(dns);
    const fragment = (frame: Uint8Array, identification: number) => {
      const first = Buffer.from(frame.subarray(0, 34 + 64));
      first.writeUInt16BE(20 + 64, 16);
      first.writeUInt16BE(identification, 18);
      first.writeUInt16BE(0x2000, 20);
      return first;
    };
    bench.frame(udpFrame(QUERY, THERE), { atSeconds: 0 });
    others(bench, 10, 1, 15);
    bench.frame(fragment(udpFrame(new Uint8Array(64), { srcPort: 3000, dstPort: 3001 }), 8), { atSeconds: 16 });
    bench.frame(fragment(udpFrame(RESPONSE, BACK), 7), { atSeconds: 14 });
    others(bench, 100, 17, 60);
    bench.endInput();
    expect(bench.rows("dns")).toMatchObject([{ state: "COMPLETE", latency: "14s" }]);
  });

  it.each([0, 5, 100, 1000])("whether a loss is of a request that waited too long: %i packets", (count) => {
    const rowsAfter = (wait: number) => {
      const bench = new DecoderBench(dns);
      const query = Buffer.concat([Buffer.from([0, QUERY.length]), QUERY]);
      bench.frame(tcpFrame(query, THERE, { sequence: 1, acknowledgement: 1 }), { atSeconds: 0 });
      others(bench, count, 1, wait);
      const sequence = 1 + query.length;
      bench.frame(tcpFrame(query, THERE, { sequence, acknowledgement: 101 }), { atSeconds: wait });
      bench.endInput();
      return bench.rows("dns").map(({ gap }) => gap);
    };
    expect(rowsAfter(20)[0]).toBe(true);
    expect(rowsAfter(100)[0]).toBe(false);
  });
});
