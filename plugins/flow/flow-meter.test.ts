import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";

const dns = findPlugin(registry.plugins, "dns");
const flow = findPlugin(registry.plugins, "flow");

const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";
const THERE = { srcPort: 40000, dstPort: 9000, srcAddress: CLIENT, dstAddress: SERVER };
const BACK = { srcPort: 9000, dstPort: 40000, srcAddress: SERVER, dstAddress: CLIENT };

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

/** Bytes of an Ethernet, an IPv4 and a TCP header: a frame without data. */
const TCP_FRAME_BYTES = 14 + 20 + 20;
/** Bytes of the headers before a UDP payload. */
const UDP_HEADER_BYTES = 14 + 20 + 8;

const segment = (ends: typeof THERE, flags: number, sequence = 0) =>
  tcpFrame(new Uint8Array(0), ends, { flags, sequence });

describe("both directions", () => {
  it("are one row, whose source sent the first packet", () => {
    const bench = new DecoderBench(flow);
    bench.udp(new Uint8Array(10), BACK);
    bench.udp(new Uint8Array(20), { ...THERE, atSeconds: 0.25 });
    bench.udp(new Uint8Array(30), { ...BACK, atSeconds: 1.5 });
    expect(bench.finish()).toMatchObject([
      {
        src_address: SERVER,
        src_port: 9000,
        dst_address: CLIENT,
        dst_port: 40000,
        transport: "UDP",
        time: "2026-01-01T00:00:00.000000000Z",
        last_time: "2026-01-01T00:00:01.500000000Z",
        duration: "1.500s",
        frame_number: 1,
        src_packets: 2,
        dst_packets: 1,
        src_bytes: 2 * UDP_HEADER_BYTES + 10 + 30,
        dst_bytes: UDP_HEADER_BYTES + 20,
        src_tcp_flags: null,
        dst_tcp_flags: null,
        end_reason: "END_OF_INPUT",
        is_final: true,
        application: null,
      },
    ]);
  });

  it("are distinguished where both addresses are the same", () => {
    const bench = new DecoderBench(flow);
    bench.udp(new Uint8Array(1), { ...THERE, dstAddress: CLIENT });
    bench.udp(new Uint8Array(2), { ...BACK, srcAddress: CLIENT });
    expect(bench.finish()).toMatchObject([{ src_port: 40000, src_packets: 1, dst_packets: 1 }]);
  });

  it("are counted as long as they were on the wire, however much was captured", () => {
    const bench = new DecoderBench(flow);
    bench.udp(new Uint8Array(500), { ...THERE, capturedBytes: 60 });
    expect(bench.finish()).toMatchObject([{ src_bytes: UDP_HEADER_BYTES + 500, truncated: true }]);
  });
});

it("keeps apart conversations that differ in a port, an address, the protocol or the IP version", () => {
  const bench = new DecoderBench(flow);
  bench.udp(new Uint8Array(1), THERE);
  bench.udp(new Uint8Array(1), { ...THERE, srcPort: 40001 });
  bench.udp(new Uint8Array(1), { ...THERE, dstAddress: "192.0.2.54" });
  bench.udp(new Uint8Array(1), { ...THERE, srcAddress: "2001:db8::1", dstAddress: "2001:db8::53" });
  bench.frame(segment(THERE, SYN));
  expect(bench.finish()).toHaveLength(5);
});

describe("timeouts", () => {
  it("end a conversation after 60 seconds without a packet, and another begins", () => {
    const bench = new DecoderBench(flow);
    bench.udp(new Uint8Array(1), THERE);
    bench.udp(new Uint8Array(1), { ...THERE, atSeconds: 59.9 });
    expect(bench.rows()).toEqual([]);
    bench.udp(new Uint8Array(1), { ...THERE, atSeconds: 119.9 });
    expect(bench.rows()).toMatchObject([
      { end_reason: "IDLE_TIMEOUT", src_packets: 2, duration: "59.900s", is_final: true },
    ]);
    expect(bench.finish()).toMatchObject([{ end_reason: "END_OF_INPUT", src_packets: 1, frame_number: 3 }]);
  });

  it("end an idle conversation as time passes, without a packet", () => {
    const bench = new DecoderBench(flow);
    bench.udp(new Uint8Array(1), THERE);
    bench.advance(59.9);
    expect(bench.rows()).toEqual([]);
    bench.advance(60);
    expect(bench.rows()).toMatchObject([{ end_reason: "IDLE_TIMEOUT" }]);
  });

  it("report a long conversation every 300 seconds, in rows that add up", () => {
    const bench = new DecoderBench(flow);
    for (let second = 0; second <= 330; second += 30)
      bench.udp(new Uint8Array(1), { ...(second % 60 === 0 ? THERE : BACK), atSeconds: second });
    const rows = bench.finish();
    expect(rows).toMatchObject([
      { end_reason: "ACTIVE_TIMEOUT", is_final: false, src_packets: 5, dst_packets: 5, duration: "270s" },
      // The packet at 300 s opens the next interval; the source stays the one that spoke first.
      {
        end_reason: "END_OF_INPUT",
        is_final: true,
        src_packets: 1,
        dst_packets: 1,
        src_address: CLIENT,
        frame_number: 11,
      },
    ]);
  });
});

describe("TCP", () => {
  const handshake = (bench: DecoderBench) => {
    bench.frame(segment(THERE, SYN), { atSeconds: 0 });
    bench.frame(segment(BACK, SYN | ACK));
    bench.frame(segment(THERE, ACK));
  };

  it("ends with FIN from both sides, after a while in which stragglers are counted", () => {
    const bench = new DecoderBench(flow);
    handshake(bench);
    bench.frame(segment(THERE, FIN | ACK));
    bench.advance(30);
    expect(bench.rows()).toEqual([]);
    bench.frame(segment(BACK, FIN | ACK), { atSeconds: 31 });
    bench.frame(segment(THERE, ACK), { atSeconds: 32 });
    bench.advance(36.9);
    expect(bench.rows()).toEqual([]);
    bench.advance(37);
    expect(bench.rows()).toMatchObject([
      {
        end_reason: "TCP_END",
        is_final: true,
        transport: "TCP",
        src_packets: 4,
        dst_packets: 2,
        src_bytes: 4 * TCP_FRAME_BYTES,
        src_tcp_flags: FIN | SYN | ACK,
        dst_tcp_flags: FIN | SYN | ACK,
        duration: "32s",
      },
    ]);
  });

  it("ends with RST from one side", () => {
    const bench = new DecoderBench(flow);
    bench.frame(segment(THERE, SYN));
    bench.frame(segment(BACK, RST | ACK));
    bench.advance(5);
    expect(bench.rows()).toMatchObject([{ end_reason: "TCP_END", src_tcp_flags: SYN, dst_tcp_flags: RST | ACK }]);
  });

  it("that closed is another conversation when its ports are used again", () => {
    const bench = new DecoderBench(flow);
    bench.frame(segment(THERE, SYN));
    bench.frame(segment(BACK, RST | ACK));
    bench.frame(segment(THERE, SYN, 900), { atSeconds: 1 });
    expect(bench.finish()).toMatchObject([
      { end_reason: "TCP_END", src_packets: 1, dst_packets: 1 },
      { end_reason: "END_OF_INPUT", src_packets: 1, dst_packets: 0 },
    ]);
  });

  it("reports at the end of input that a conversation had closed", () => {
    const bench = new DecoderBench(flow);
    bench.frame(segment(THERE, SYN));
    bench.frame(segment(BACK, RST));
    expect(bench.finish()).toMatchObject([{ end_reason: "TCP_END" }]);
  });
});

it("ends the conversation that was without a packet for the longest time when the table is full", () => {
  const bench = DecoderBench.configured({ limits: { conversations: 2 } }, flow);
  bench.udp(new Uint8Array(1), { ...THERE, srcPort: 10001 });
  bench.udp(new Uint8Array(1), { ...THERE, srcPort: 10002 });
  bench.udp(new Uint8Array(1), { ...THERE, srcPort: 10001 });
  bench.udp(new Uint8Array(1), { ...THERE, srcPort: 10003 });
  expect(bench.rows()).toMatchObject([{ src_port: 10002, end_reason: "EVICTED", is_final: true }]);
  expect(bench.finish()).toMatchObject([
    { src_port: 10001, src_packets: 2 },
    { src_port: 10003, src_packets: 1 },
  ]);
});

describe("application", () => {
  // A query for the root's name servers
  const query = Buffer.from("00010100000100000000000000 00020001".replaceAll(" ", ""), "hex");

  it("is the resource of the plugin that accepted a packet", () => {
    const bench = new DecoderBench(dns, flow);
    bench.udp(query, { ...THERE, dstPort: 53 });
    bench.udp(new Uint8Array(10), THERE);
    expect(bench.finish("flow")).toMatchObject([
      { dst_port: 53, application: "dns" },
      { dst_port: 9000, application: null },
    ]);
  });

  it("is absent if the plugin of the port took it for another protocol's", () => {
    const bench = new DecoderBench(dns, flow);
    bench.udp(Buffer.from("ffff0040ffffffffffffffff", "hex"), { ...THERE, dstPort: 53 });
    expect(bench.finish("flow")).toMatchObject([{ application: null }]);
    expect(bench.counters("dns").notMine).toBe(1);
  });
});
