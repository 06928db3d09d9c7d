import { describe, expect, it } from "vitest";
import type { DnsRecord } from "../../../generated/dns/record.js";
import type { NtpRecord } from "../../../generated/ntp/record.js";
import { registry } from "../../../generated/registry.js";
import type { Plugin } from "../../plugin/plugin.js";
import { findPlugin } from "../../plugin/testing/decode-rows.js";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import { Verdict } from "../../plugin/verdict.js";

const ENDS = { srcPort: 123, dstPort: 123 };

/** A plugin that counts its packets in the state of the capture and passes the counts to `seen`. */
function countingPlugin(seen: number[]): Plugin {
  return {
    ...findPlugin(registry.plugins, "ntp"),
    decodeDatagram: (_, out) => {
      const state = out.captureState(() => ({ packets: 0 }));
      seen.push(++state.packets);
      return Verdict.Accepted;
    },
  };
}

describe("the state of a capture", () => {
  it("persists between packets of any conversation", () => {
    const seen: number[] = [];
    const bench = new DecoderBench(countingPlugin(seen));
    bench.udp(new Uint8Array(1), ENDS);
    bench.udp(new Uint8Array(1), { ...ENDS, srcAddress: "192.0.2.7" });
    expect(seen).toEqual([1, 2]);
  });

  it("is separate for each capture and each plugin", () => {
    const first: number[] = [];
    const second: number[] = [];
    const plugin = countingPlugin(first);
    const datagram = new Uint8Array(1);
    new DecoderBench(plugin).udp(datagram, ENDS);
    new DecoderBench(plugin).udp(datagram, ENDS);
    const other: Plugin = { ...countingPlugin(second), bindings: { ...plugin.bindings, udpPorts: [124] } };
    const both = new DecoderBench(plugin, other);
    both.udp(datagram, ENDS);
    both.udp(datagram, { srcPort: 124, dstPort: 124 });
    expect([first, second]).toEqual([[1, 1, 1], [1]]);
  });
});

describe("a value that its field cannot hold", () => {
  const dns = findPlugin(registry.plugins, "dns");
  const ntp = findPlugin(registry.plugins, "ntp");
  const request = { srcPort: 40000, dstPort: 53 };
  const response = { srcPort: 53, dstPort: 40000, srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };

  /** DNS whose decoder holds a query with `queryLatency` and sets `responseLatency` in the response. */
  const paired = (queryLatency: number, responseLatency: number): Plugin => ({
    ...dns,
    decodeDatagram: ({ srcPort }, out) => {
      // The record of the plugin's own codec.
      const record = out.record as DnsRecord;
      if (srcPort === 53) {
        expect(out.resume(1)).toBe(true);
        record.latency = responseLatency;
        out.emit();
      } else {
        record.latency = queryLatency;
        out.hold(1);
      }
      return Verdict.Accepted;
    },
  });

  it("flags and counts the row, and does not change the others", () => {
    const bench = new DecoderBench({
      ...ntp,
      decodeDatagram: ({ frameNumber }, out) => {
        const record = out.record as NtpRecord;
        record.rootDelay = frameNumber === 2 ? -1 : 5;
        record.stratum = 3;
        out.emit();
        return Verdict.Accepted;
      },
    });
    for (let i = 0; i < 3; i++) bench.udp(new Uint8Array(1), ENDS);
    const rows = bench.finish().map((row) => [row["out_of_range"], row["root_delay"], row["stratum"]]);
    expect(rows).toEqual([
      [false, "0.000000005s", 3],
      [true, "0s", 3],
      [false, "0.000000005s", 3],
    ]);
    expect(bench.counters()).toMatchObject({ rows: 3, outOfRangeRows: 1, limitedRows: 0 });
  });

  it.each([
    ["a request", -1, 7, "0.000000007s"],
    ["a response", 7, Number.NaN, null],
    ["both, once", -1, Number.NaN, null],
  ])("flags the row of a transaction when it is %s", (_, queryLatency, responseLatency, latency) => {
    const bench = new DecoderBench(paired(queryLatency, responseLatency));
    bench.udp(new Uint8Array(1), request);
    bench.udp(new Uint8Array(1), response);
    expect(bench.finish()).toMatchObject([
      { out_of_range: true, latency, src_address: "192.0.2.1", src_port: 40000, frame_number: 1 },
    ]);
    expect(bench.counters()).toMatchObject({ rows: 1, outOfRangeRows: 1 });
  });

  it("does not flag a transaction without one", () => {
    const bench = new DecoderBench(paired(6, 7));
    bench.udp(new Uint8Array(1), request);
    bench.udp(new Uint8Array(1), response);
    expect(bench.finish()).toMatchObject([{ out_of_range: false, latency: "0.000000007s" }]);
    expect(bench.counters()).toMatchObject({ outOfRangeRows: 0 });
  });
});

describe("an observer's row", () => {
  it("is seen in the current packet if the observer does not give it an observation", () => {
    const flow = findPlugin(registry.plugins, "flow");
    const bench = new DecoderBench({
      ...flow,
      createPacketObserver: (out) => ({ observe: () => out.emitObserved(), endConversation: () => undefined }),
    });
    bench.udp(new Uint8Array(1), ENDS);
    expect(bench.finish()).toMatchObject([{ frame_number: 1, src_address: "192.0.2.1", dst_port: 123 }]);
  });
});
