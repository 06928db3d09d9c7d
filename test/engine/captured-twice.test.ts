import fc from "fast-check";
import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { TagRule } from "../../runtime/engine/conversation/tag-rule.js";
import { DuplicatePackets } from "../../runtime/engine/duplicate-packets.js";
import { decodeLayers } from "../../runtime/packet/decode-layers.js";
import { LinkType } from "../../runtime/packet/link-type.js";
import { Packet } from "../../runtime/packet/packet.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { ipFrame } from "../../runtime/plugin/testing/ip-frame.js";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
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

it("packets that differ in one value are not copies", () => {
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

it("TCP segments that differ in their options alone are not copies", () => {
  const bench = DecoderBench.configured({ limits: { duplicate_window_us: 2000 } }, flow);
  for (const blocks of [1, 2, 3, 1]) {
    const frame = Buffer.concat([
      tcpFrame(new Uint8Array(0), THERE, { sequence: 1, acknowledgement: 1 }),
      Buffer.alloc(12),
    ]);
    frame.writeUInt16BE(20 + 32, 16);
    // A header of eight words, with selective acknowledgements (RFC 2018).
    frame[46] = 0x80;
    frame.set([1, 1, 5, 10, 0, 0, 0, blocks, 0, 0, 1, blocks], 54);
    bench.frame(frame);
  }
  bench.endInput();
  expect(bench.rows("flow")).toMatchObject([{ src_packets: 3, duplicates: 1 }]);
});

it("copies of all fragments of a datagram are counted on its conversation", () => {
  const bench = DecoderBench.configured({ limits: { duplicate_window_us: 2000 } }, flow);
  const datagram = udpFrame(new Uint8Array(40), { srcPort: 40_000, dstPort: 5000 });
  const parts = [0, 16, 32].map((at) => {
    const part = Buffer.concat([datagram.subarray(0, 34), datagram.subarray(34 + at, 34 + at + 16)]);
    part.writeUInt16BE(part.length - 14, 16);
    part.writeUInt16BE(7, 18);
    part.writeUInt16BE((at === 32 ? 0 : 0x2000) | (at / 8), 20);
    return part;
  });
  for (const part of parts) for (let copy = 0; copy < 2; copy++) bench.frame(part);
  bench.endInput();
  expect(bench.rows("flow")).toMatchObject([{ src_packets: 3, duplicates: 3, src_port: 40_000 }]);
});

it("IPv6 fragments of different datagrams are not copies, even where identification XOR offset is equal", () => {
  const bench = DecoderBench.configured({ limits: { duplicate_window_us: 2000 } }, flow);
  for (const [identification, offset] of [
    [0x10, 24],
    [0x28, 32],
    [0x10, 24],
  ] as const) {
    const payload = Buffer.alloc(32, 1);
    payload[0] = 17;
    payload.writeUInt16BE(offset, 2);
    payload.writeUInt32BE(identification, 4);
    bench.frame(ipFrame(payload, { srcAddress: "2001:db8::1", dstAddress: "2001:db8::2", ipProtocol: 44 }));
  }
  bench.endInput();
  expect(bench.rows("flow")).toMatchObject([{ src_packets: 2, duplicates: 1 }]);
});

it("a copy is recognised by timestamps within the window, in either order, even if the clock is wrong", () => {
  const arp = findPlugin(registry.plugins, "arp");
  const rowOf = (times: readonly number[]) => {
    const bench = DecoderBench.configured({ limits: { duplicate_window_us: 2000 } }, arp);
    bench.frame(arpRequest(100), { atSeconds: 0 });
    for (const atSeconds of times) bench.frame(arpRequest(2), { atSeconds });
    bench.frame(arpRequest(101), { atSeconds: 9 });
    bench.endInput();
    const row = bench.rows("arp").find(({ target_address }) => target_address === "192.0.2.2")!;
    return [row["retransmissions"], row["duplicates"]];
  };
  expect(rowOf([1, 1.001, 3])).toEqual([1, 1]);
  expect(rowOf([1.001, 1, 3])).toEqual([1, 1]);
  expect(rowOf([8, 1])).toEqual([1, 0]);
  // The first one is stamped a day ahead.
  expect(rowOf([86_400, 2, 3])).toEqual([2, 0]);
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

it.each([0, 1])(
  "no segments of a stream are taken for copies, wherever in the sequence space they are: checksum %i",
  (isRight) => {
    const duplicates = new DuplicatePackets(2000, TagRule.Join);
    const frame = Buffer.from(tcpFrame(new Uint8Array(4), BACK, { sequence: 0, acknowledgement: 1000 }));
    // No identification.
    frame.writeUInt16BE(0, 18);
    const packet = Object.assign(new Packet(), {
      bytes: frame,
      frameEnd: frame.length,
      originalLengthBytes: frame.length,
    });
    duplicates.startBlock(frame);
    for (let high = 0; high < 65536; high++) {
      for (const low of [0, 1400]) {
        frame.writeUInt32BE(high * 65536 + low, 38);
        // One's complement of what both halves change (RFC 1071), or what a sender leaves to its card.
        frame.writeUInt16BE(isRight === 1 ? 0xffff - ((high + low) % 0xffff) : 0x1234, 50);
        decodeLayers(packet, LinkType.Ethernet);
        expect(duplicates.isCopy(packet, 7)).toBe(false);
      }
    }
  },
);

it("datagrams of up to 512 bytes that differ in the middle are not copies", () => {
  const bench = DecoderBench.configured({ limits: { duplicate_window_us: 2000 } }, flow);
  for (let i = 0; i < 4; i++) {
    const content = new Uint8Array(504);
    content[250] = i;
    bench.frame(udpFrame(content, { srcPort: 1, dstPort: 2 }));
  }
  bench.endInput();
  expect(bench.rows("flow")).toMatchObject([{ src_packets: 4, duplicates: 0 }]);
});
