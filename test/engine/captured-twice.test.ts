import fc from "fast-check";
import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type RowObject } from "../../runtime/plugin/testing/decoder-bench.js";
import { ipFrame } from "../../runtime/plugin/testing/ip-frame.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";
import { udpFrame } from "../../runtime/plugin/testing/udp-frame.js";

const http = findPlugin(registry.plugins, "http");
const flow = findPlugin(registry.plugins, "flow");

const THERE = { srcPort: 40000, dstPort: 80, srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
const BACK = { srcPort: 80, dstPort: 40000, srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };

const REQUEST = "GET / HTTP/1.1\r\n\r\n";
const RESPONSE = "HTTP/1.1 204 No Content\r\n\r\n";

/** A handshake and three exchanges. */
const FRAMES = [
  tcpFrame(new Uint8Array(0), THERE, { sequence: 999, flags: 2 }),
  tcpFrame(new Uint8Array(0), BACK, { sequence: 4999, acknowledgement: 1000, flags: 18 }),
  ...[0, 1, 2].flatMap((i) => {
    const sequence = 1000 + i * REQUEST.length;
    const acknowledgement = 5000 + i * RESPONSE.length;
    return [
      tcpFrame(Buffer.from(REQUEST), THERE, { sequence, acknowledgement }),
      tcpFrame(Buffer.from(RESPONSE), BACK, {
        sequence: acknowledgement,
        acknowledgement: sequence + REQUEST.length,
      }),
    ];
  }),
];

/** Rows of the frames, each of which is captured again, 10 µs later, as often as `copies` says. */
function rowsOf(copies: readonly number[]): { http: RowObject[]; flow: RowObject[] } {
  const limits = { conversations: 64, duplicate_window_us: 2000 };
  const bench = DecoderBench.configured({ limits }, http, flow);
  FRAMES.forEach((frame, i) => {
    for (let copy = 0; copy <= copies[i]!; copy++) bench.frame(frame, { atSeconds: i / 10 + copy / 100_000 });
  });
  bench.endInput();
  return { http: bench.rows("http"), flow: bench.rows("flow") };
}

const without = (rows: readonly RowObject[]) =>
  rows.map((row) => ({ ...row, duplicates: 0, frame_number: 0, response_frame: 0, id: 0 }));

it("packets captured again are counted on the rows of their connection, and change nothing else", () => {
  const expected = rowsOf(FRAMES.map(() => 0));
  expect(expected.http.map((row) => row["duplicates"])).toEqual([0, 0, 0]);
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: FRAMES.length, maxLength: FRAMES.length }), (copies) => {
      const found = rowsOf(copies);
      expect(without(found.http)).toEqual(without(expected.http));
      const [, , request1, response1, request2, response2, request3] = copies;
      expect(found.http.map((row) => row["duplicates"])).toEqual([
        request1,
        response1! + request2!,
        response2! + request3!,
      ]);
      expect(found.flow[0]!["duplicates"]).toBe(copies.reduce((sum, count) => sum + count, 0));
    }),
    { numRuns: 100 },
  );
});

/** An ARP request of one host, padded to the least length of a frame. */
function arpRequest(target: number): Uint8Array {
  const frame = Buffer.alloc(60);
  frame.set(Buffer.from("ffffffffffff0200000000010806000108000604000102000000000100000000", "hex"));
  frame.set([192, 0, 2, 1], 28);
  frame.set([192, 0, 2, target], 38);
  return frame;
}

/** A later fragment, over IPv6 (RFC 8200, section 4.5), of the datagram with this identification. */
function laterFragment(identification: number, word: number): Uint8Array {
  const payload = Buffer.alloc(32, 1);
  payload[0] = 17;
  payload.writeUInt16BE(64, 2);
  payload.writeUInt32BE(identification, 4);
  payload.writeUInt32BE(word, 8);
  return ipFrame(payload, { srcAddress: "2001:db8::1", dstAddress: "2001:db8::2", ipProtocol: 44 });
}

it("packets that differ at one place are not copies, where the bytes of the first are gone too", () => {
  const arp = findPlugin(registry.plugins, "arp");
  const bench = DecoderBench.configured({ limits: { duplicate_window_us: 2000 } }, arp, flow);
  for (const target of [2, 3, 4, 2]) bench.frame(arpRequest(target));
  for (const [identification, word] of [
    [1, 1],
    [1, 2],
    [2, 2],
    [1, 1],
  ] as const) {
    bench.frame(laterFragment(identification, word));
  }
  bench.endInput();
  expect(bench.rows("arp").map(({ duplicates }) => duplicates)).toEqual([1, 0, 0]);
  expect(bench.rows("flow")).toMatchObject([{ src_packets: 3, duplicates: 1 }]);
});

it("a copy is counted on its own conversation, whatever short packets are captured between", () => {
  const bench = DecoderBench.configured({ limits: { duplicate_window_us: 2000 } }, flow);
  const datagram = udpFrame(new Uint8Array(8), { srcPort: 1, dstPort: 2 });
  const short = ipFrame(new Uint8Array(2), { srcAddress: "192.0.2.7", dstAddress: "192.0.2.8", ipProtocol: 253 });
  for (const frame of [datagram, short, datagram]) bench.frame(frame);
  bench.endInput();
  const rows = bench.rows("flow").map((row) => [row["src_packets"], row["duplicates"]]);
  expect(rows).toEqual([
    [1, 1],
    [1, 0],
  ]);
});
