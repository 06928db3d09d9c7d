import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { TcpFlag } from "../../runtime/packet/tcp-flag.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";

const http = findPlugin(registry.plugins, "http");
const flow = findPlugin(registry.plugins, "flow");

const CLIENT = { srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
const SERVER = { srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };
const CLIENT_SEQUENCE = 1000;
const SERVER_SEQUENCE = 5000;
const { Syn, Fin, Rst, Ack } = TcpFlag;

const segment = (
  isFromClient: boolean,
  flags: number,
  sequence: number,
  acknowledgement = 0,
  payload = "",
  serverPort = 80,
) => {
  const ends = isFromClient
    ? { ...CLIENT, srcPort: 40000, dstPort: serverPort }
    : { ...SERVER, srcPort: serverPort, dstPort: 40000 };
  return tcpFrame(Buffer.from(payload), ends, { sequence, acknowledgement, flags });
};

/** An open connection with one exchange a second. */
function connectionOn(bench: DecoderBench, serverPort = 80): TcpConversation {
  const connection = new TcpConversation(bench, {
    serverPort,
    clientSequence: CLIENT_SEQUENCE,
    serverSequence: SERVER_SEQUENCE,
  });
  connection.open({ atSeconds: 0 });
  return connection;
}

function exchange(connection: TcpConversation, number: number): void {
  connection.client(`GET /${number} HTTP/1.1\r\nHost: a\r\n\r\n`, { atSeconds: number });
  connection.server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", { atSeconds: number + 0.1 });
}

/** Numbers outside every window of the connection: more than 16 MiB from what it has sent. */
const far = fc.integer({ min: 2 ** 24, max: 2 ** 32 - 2 ** 24 });

/** A SYN has no data here: with data, as of TCP Fast Open, it would be an unanswered request of its own. */
const blind = fc.record({
  /** 0 for before the first exchange. */
  after: fc.nat(10),
  isFromClient: fc.boolean(),
  flags: fc.constantFrom(Syn, Ack, Rst, Rst | Ack, Fin | Ack),
  sequence: far,
  acknowledgement: far,
  payload: fc.constantFrom("", "GET /never HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n\r\n"),
});

/** Rows of HTTP and of flows of a connection, with such packets after some of its segments. */
function rowsOf(packets: readonly (typeof blind extends fc.Arbitrary<infer T> ? T : never)[], serverPort: number) {
  const bench = DecoderBench.configured({ limits: { conversations: 64 } }, http, flow);
  const connection = connectionOn(bench, serverPort);
  for (let number = 0; number <= 10; number++) {
    if (number > 0) exchange(connection, number);
    for (const { after, isFromClient, flags, sequence, acknowledgement, payload } of packets) {
      const data = flags === Syn ? "" : payload;
      if (after === number) bench.frame(segment(isFromClient, flags, sequence, acknowledgement, data, serverPort));
    }
  }
  connection.close({ atSeconds: 11 });
  bench.endInput();
  const transactions = bench.rows("http");
  return {
    http: transactions.map(({ target, state, status, gap, latency }: RowObject) => [
      target,
      state,
      status,
      gap,
      latency,
    ]),
    flows: bench.rows("flow"),
  };
}

it.each([80, 9999])(
  "packets outside a connection's windows change none of its transactions, on port %i",
  (serverPort) => {
    const expected = rowsOf([], serverPort);
    expect(expected.http).toHaveLength(10);
    fc.assert(
      fc.property(fc.array(blind, { maxLength: 3 }), (packets) => {
        // Two that continue each other are accepted: the capture may have lost what was between.
        const numbers = packets.flatMap(({ sequence, acknowledgement }) => [sequence, acknowledgement]);
        fc.pre(
          numbers.every((number, i) => numbers.every((other, j) => i === j || Math.abs(number - other) > 2 ** 23)),
        );
        const found = rowsOf(packets, serverPort);
        expect(found.http).toEqual(expected.http);
        const missed = found.flows.map((row) => [row["src_missed_bytes"], row["dst_missed_bytes"]]);
        expect(missed).toEqual(missed.map(() => [0, 0]));
      }),
      { numRuns: 200 },
    );
  },
);

describe("a SYN inside an open connection", () => {
  it("that is not answered is a row of its own, and the connection continues", () => {
    const bench = new DecoderBench(http, flow);
    const connection = connectionOn(bench);
    exchange(connection, 1);
    bench.frame(segment(true, Syn, 77_000_000), { atSeconds: 1.5 });
    bench.frame(segment(true, Syn, 77_000_000), { atSeconds: 1.7 });
    exchange(connection, 2);
    bench.endInput();
    expect(bench.rows("http")).toMatchObject([
      { target: "/1", state: "COMPLETE" },
      { target: "/2", state: "COMPLETE" },
    ]);
    expect(bench.rows("flow").sort(byTime)).toMatchObject([
      { src_packets: 4, dst_packets: 3, conn_state: "S1", history: "ShADd" },
      { src_packets: 2, dst_packets: 0, conn_state: "S0", duration: "0.200s" },
    ]);
  });

  it("begins another connection where it is answered", () => {
    const bench = new DecoderBench(http, flow);
    const connection = connectionOn(bench);
    exchange(connection, 1);
    const next = new TcpConversation(bench, { serverPort: 80, clientSequence: 77_000_000, serverSequence: 88_000_000 });
    next.open({ atSeconds: 5 });
    exchange(next, 6);
    bench.endInput();
    expect(bench.rows("http")).toMatchObject([
      { target: "/1", state: "COMPLETE" },
      { target: "/6", state: "COMPLETE" },
    ]);
    expect(bench.rows("flow").sort(byTime)).toMatchObject([
      { src_packets: 3, dst_packets: 2, duration: "1.100s" },
      { src_packets: 3, dst_packets: 2, duration: "1.100s", conn_state: "S1", history: "ShADd" },
    ]);
  });

  it("begins another connection where its sender continues with it, although no answer was captured", () => {
    const bench = new DecoderBench(http, flow);
    const connection = connectionOn(bench);
    exchange(connection, 1);
    bench.frame(segment(true, Syn, 77_000_000), { atSeconds: 5 });
    bench.frame(segment(true, Ack, 77_000_001, 88_000_001, "GET /2 HTTP/1.1\r\n\r\n"), { atSeconds: 5.1 });
    bench.frame(segment(false, Ack, 88_000_001, 77_000_020, "HTTP/1.1 204 No Content\r\n\r\n"), { atSeconds: 5.2 });
    bench.endInput();
    expect(bench.rows("http")).toMatchObject([
      { target: "/1", state: "COMPLETE" },
      { target: "/2", state: "COMPLETE", latency: "0.100s" },
    ]);
    expect(bench.rows("flow").sort(byTime)).toMatchObject([{ duration: "1.100s" }, { duration: "0.200s" }]);
  });

  it("that is rejected ends by that RST, and the connection continues", () => {
    const bench = new DecoderBench(http, flow);
    const connection = connectionOn(bench);
    exchange(connection, 1);
    bench.frame(segment(true, Syn, 77_000_000), { atSeconds: 1.5 });
    bench.frame(segment(false, Rst | Ack, 0, 77_000_001), { atSeconds: 1.6 });
    exchange(connection, 2);
    bench.endInput();
    expect(bench.rows("http")).toHaveLength(2);
    expect(bench.rows("flow").sort(byTime)).toMatchObject([
      { src_packets: 4, dst_packets: 3, conn_state: "S1" },
      { src_packets: 1, dst_packets: 1, conn_state: "REJ" },
    ]);
  });

  it("with yet another number takes the place of an earlier one, and each is a row", () => {
    const bench = new DecoderBench(http, flow);
    const connection = connectionOn(bench);
    exchange(connection, 1);
    for (let i = 1; i <= 5; i++) bench.frame(segment(true, Syn, i * 100_000_000), { atSeconds: 1.5 + i / 100 });
    exchange(connection, 2);
    connection.close();
    bench.endInput();
    expect(bench.rows("http")).toHaveLength(2);
    const flows = bench.rows("flow").sort(byTime);
    expect(flows.map((row) => row["conn_state"])).toEqual(["SF", "S0", "S0", "S0", "S0", "S0"]);
  });
});

it("a connection continues after an RST that its sender did not send, however long it pauses then", () => {
  const bench = new DecoderBench(http, flow);
  const connection = connectionOn(bench);
  exchange(connection, 1);
  bench.frame(segment(false, Rst, 99_000_000), { atSeconds: 1.5 });
  exchange(connection, 2);
  exchange(connection, 100);
  bench.endInput();
  expect(bench.rows("http")).toHaveLength(3);
  expect(bench.rows("flow")).toMatchObject([{ src_packets: 5, dst_packets: 5, duration: "100.100s" }]);
});

it("a connection continues where the capture lost more than a window", () => {
  const bench = new DecoderBench(http, flow);
  const connection = connectionOn(bench);
  exchange(connection, 1);
  connection.serverLost(300_000_000);
  connection.clientLost(400_000_000);
  exchange(connection, 2);
  exchange(connection, 3);
  connection.close({ atSeconds: 4 });
  bench.endInput();
  expect(bench.rows("http")).toMatchObject([
    { target: "/1", state: "COMPLETE", gap: false },
    { target: "/2", state: "COMPLETE", gap: true, latency: "0.100s" },
    { target: "/3", state: "COMPLETE", gap: false },
  ]);
  expect(bench.rows("flow")).toMatchObject([
    { src_missed_bytes: 400_000_000, dst_missed_bytes: 300_000_000, gap: true, conn_state: "SF" },
  ]);
  expect(bench.engineCounters().missedBytes).toBe(700_000_000);
});

it("the end of a connection is known where all before its FIN was lost", () => {
  const bench = new DecoderBench(http, flow);
  const connection = connectionOn(bench);
  exchange(connection, 1);
  connection.clientLost(400_000_000);
  connection.close({ atSeconds: 4 });
  connection.client("");
  bench.endInput();
  expect(bench.rows("flow")).toMatchObject([{ src_missed_bytes: 400_000_000, conn_state: "SF" }]);
});

it("what the sender of an RST sent before that does not open the connection again", () => {
  const bench = new DecoderBench(flow);
  const connection = connectionOn(bench);
  exchange(connection, 1);
  connection.serverSegment("", { flags: Rst, offset: 100 });
  connection.server("x".repeat(100), { atSeconds: 1.2 });
  bench.advance(7);
  expect(bench.rows("flow")).toMatchObject([{ end_reason: "TCP_END", is_final: true }]);
});

function byTime(a: RowObject, b: RowObject): number {
  return String(a["time"]) < String(b["time"]) ? -1 : 1;
}
