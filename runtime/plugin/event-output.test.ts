import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import type { Plugin } from "./plugin.js";
import { findPlugin } from "./testing/decode-rows.js";
import { DecoderBench } from "./testing/decoder-bench.js";
import { Verdict } from "./verdict.js";

const ENDS = { srcPort: 123, dstPort: 123 };

/** A plugin that counts its packets in the state of the capture and hands the counts to `seen`. */
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
  it("lasts from packet to packet, of any conversation", () => {
    const seen: number[] = [];
    const bench = new DecoderBench(countingPlugin(seen));
    bench.udp(new Uint8Array(1), ENDS);
    bench.udp(new Uint8Array(1), { ...ENDS, srcAddress: "192.0.2.7" });
    expect(seen).toEqual([1, 2]);
  });

  it("is each capture's and each plugin's own", () => {
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
