import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../plugin/testing/decode-rows.js";
import { DecoderBench } from "../plugin/testing/decoder-bench.js";
import { udpFrame } from "../plugin/testing/udp-frame.js";

const dns = findPlugin(registry.plugins, "dns");
const flow = findPlugin(registry.plugins, "flow");

/** A query for the root's name servers, in a frame whose IPv4 header checksum is `checksum`; the datagram has none. */
function frameWith(checksum: number): Uint8Array {
  const query = Buffer.from("0001010000010000000000000000020001", "hex");
  const frame = udpFrame(query, { srcPort: 40000, dstPort: 53 });
  new DataView(frame.buffer).setUint16(14 + 10, checksum);
  return frame;
}

/** Of 4500 002d 0000 0000 4011 c000 0201 c000 0235, by hand (RFC 1071). */
const RIGHT = 0xf689;

describe("checksums", () => {
  it.each([
    ["wrong", RIGHT + 1, 0],
    ["right", RIGHT, 1],
  ])("that are %s, when they are verified", (_, checksum, rows) => {
    const bench = DecoderBench.configured({ verifiesChecksums: true }, dns, flow);
    bench.frame(frameWith(checksum));
    bench.endInput();
    expect(bench.rows("dns")).toHaveLength(rows);
    expect(bench.engineCounters().badChecksums).toBe(1 - rows);
    // The flow counts it: the packet was on the wire.
    expect(bench.rows("flow")).toMatchObject([{ src_packets: 1 }]);
  });

  it("are ignored unless they are verified", () => {
    const bench = new DecoderBench(dns);
    bench.frame(frameWith(RIGHT + 1));
    expect(bench.finish()).toHaveLength(1);
  });
});
