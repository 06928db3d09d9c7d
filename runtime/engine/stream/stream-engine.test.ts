import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TcpFlag } from "../../packet/tcp-flag.js";
import { TcpConversation } from "../../plugin/testing/tcp-conversation.js";
import { connect, ECHO } from "./testing/connection.js";

describe("segments in order", () => {
  it("reach the decoder of the bound port, each direction separately", () => {
    const { connection, streams } = connect();
    connection.client("abc");
    connection.server("xyz");
    connection.client("def");
    connection.close();
    expect(streams).toHaveLength(1);
    expect(streams[0]!.text("client")).toBe("abcdef");
    expect(streams[0]!.text("server")).toBe("xyz");
    expect(streams[0]!.ends).toEqual(["client", "server"]);
  });

  it("continue when sequence numbers wrap", () => {
    const { connection, streams } = connect({ clientSequence: 0xfffffffe, serverSequence: 0xffffffff });
    for (const part of ["a", "bc", "def", "ghij"]) connection.client(part);
    connection.server("xyz");
    expect(streams[0]!.text("client")).toBe("abcdefghij");
    expect(streams[0]!.text("server")).toBe("xyz");
  });

  it("are decoded from the middle of a connection on", () => {
    const { connection, streams } = connect({ isOpened: false });
    connection.server("xyz");
    connection.client("abc");
    connection.server("uvw");
    expect(streams[0]!.text("client")).toBe("abc");
    expect(streams[0]!.text("server")).toBe("xyzuvw");
  });

  it("with a SYN of both sides at once are one connection, whose client is the first to send", () => {
    const { connection, streams } = connect({ isOpened: false });
    connection.clientSegment("", { flags: TcpFlag.Syn });
    connection.serverSegment("", { flags: TcpFlag.Syn });
    connection.clientSegment("", { flags: TcpFlag.Syn | TcpFlag.Ack, offset: -1 });
    connection.client("abc");
    expect(streams[0]!.text("client")).toBe("abc");
  });

  it("may be sent with the SYN", () => {
    const { connection, streams } = connect({ isOpened: false });
    connection.clientSegment("abc", { flags: TcpFlag.Syn });
    connection.client("def", {});
    expect(streams[0]!.text("client")).toBe("abcdef");
  });
});

describe("bytes that a decoder does not consume", () => {
  it("are delivered again with the bytes that follow", () => {
    const seen: number[] = [];
    const { connection, streams } = connect({
      take: (length) => {
        seen.push(length);
        return length >= 5 ? 5 : 0;
      },
    });
    connection.client("ab");
    connection.client("cd");
    connection.client("efg");
    connection.client("hij");
    expect(seen).toEqual([2, 4, 7, 5]);
    expect(streams[0]!.text("client")).toBe("abcdefghij");
  });

  it("are dropped as a gap when they exceed the limit of a connection", () => {
    const { bench, connection, streams } = connect({ take: () => 0, limits: { stream_connection_bytes: 4096 } });
    connection.client("x".repeat(3000));
    connection.client("x".repeat(3000));
    expect(streams[0]!.client).toEqual([[6000]]);
    expect(bench.engineCounters().overfullConnections).toBe(1);
  });
});

it("skips bytes at the decoder's request, and reports which of them were lost", () => {
  let isFirst = true;
  const { bench, connection, streams } = connect({
    take: (length) => {
      if (!isFirst) return length;
      isFirst = false;
      return 100;
    },
  });
  connection.client("x".repeat(10));
  connection.clientLost(20);
  connection.client("y".repeat(20));
  connection.clientSegment("y".repeat(20), { offset: 20 });
  connection.client("y".repeat(20));
  connection.clientLost(20);
  connection.client(`${"y".repeat(10)}after`);
  expect(streams[0]!.text("client")).toBe("x".repeat(10));
  connection.serverSegment("", {});
  expect(streams[0]!.text("client")).toBe(`${"x".repeat(10)}after`);
  expect(streams[0]!.missed).toEqual([20]);
  expect(bench.engineCounters()).toMatchObject({ gaps: 1, missedBytes: 20 });
});

describe("segments that were delivered already", () => {
  it("are dropped, entirely or partly", () => {
    const { connection, streams } = connect();
    connection.client("abcdef");
    connection.clientSegment("abc", { offset: -6 });
    connection.clientSegment("defghi", { offset: -3 });
    expect(streams[0]!.text("client")).toBe("abcdefghi");
  });

  it("are dropped if they are keep-alives", () => {
    const { connection, streams } = connect();
    connection.client("abc");
    connection.clientSegment("c", { offset: -1 });
    connection.clientSegment("", { offset: -1 });
    connection.client("def");
    expect(streams[0]!.text("client")).toBe("abcdef");
  });
});

describe("the end of a connection", () => {
  it("leaves the other direction open after the FIN of one", () => {
    const { connection, streams } = connect();
    connection.clientSegment("abc", { flags: TcpFlag.Fin | TcpFlag.Ack });
    expect(streams[0]!.ends).toEqual(["client"]);
    connection.server("xyz");
    expect(streams[0]!.text("server")).toBe("xyz");
  });

  it("is reported after bytes that the FIN overtook", () => {
    const { connection, streams } = connect();
    connection.clientSegment("def", { offset: 3, flags: TcpFlag.Fin | TcpFlag.Ack });
    expect(streams[0]!.ends).toEqual([]);
    connection.client("abc");
    expect(streams[0]!.text("client")).toBe("abcdef");
    expect(streams[0]!.ends).toEqual(["client"]);
  });

  it("is reported at the end of the input", () => {
    const { bench, connection, streams } = connect();
    connection.client("abc");
    bench.finish();
    expect(streams[0]!.ends).toEqual(["client", "server"]);
  });

  it("is reported when the same ports are used again, closed or not", () => {
    const { bench, connection, streams } = connect();
    connection.client("abc");
    const again = new TcpConversation(bench, { serverPort: ECHO, clientSequence: 777_000, serverSequence: 888_000 });
    again.open();
    again.client("def");
    expect(streams.map((stream) => stream.text("client"))).toEqual(["abc", "def"]);
    expect(streams[0]!.ends).toEqual(["client", "server"]);
  });
});

it("delivers the bytes sent, however they are split, reordered, repeated and overlapped", () => {
  const piece = fc.record({ start: fc.nat(299), length: fc.integer({ min: 1, max: 120 }) });
  const sent = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7) & 255));
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.integer({ min: 0, max: 0xffffffff }),
      (pieces, clientSequence) => {
        const { bench, connection, streams } = connect({ clientSequence });
        for (const { start, length } of pieces) {
          connection.clientSegment(sent.subarray(start, start + length), { offset: start });
        }
        // Then all bytes once more, in the segments of a transfer without losses.
        for (let at = 0; at < sent.length; at += 50) {
          connection.clientSegment(sent.subarray(at, at + 50), { offset: at });
        }
        bench.finish();
        expect(streams[0]!.text("client")).toBe(sent.toString("latin1"));
        expect(bench.engineCounters().gaps).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

describe("a second SYN-ACK", () => {
  it.each([900_000, 100])("is the server's where the client acknowledges it, with number %d", (sequence) => {
    const { connection, streams, bench } = connect({ isOpened: false, serverSequence: 5000 });
    connection.clientSegment("", { flags: TcpFlag.Syn });
    connection.serverSegment("", { flags: TcpFlag.Syn | TcpFlag.Ack, offset: sequence - 5000 });
    connection.serverSegment("", { flags: TcpFlag.Syn | TcpFlag.Ack });
    connection.client("abc");
    connection.server("xyz");
    expect(streams[0]!.text("server")).toBe("xyz");
    expect(bench.engineCounters().gaps).toBe(0);
  });

  it.each([900_000, 100])("is not used if the client acknowledges the first one, with number %d", (sequence) => {
    const { connection, streams, bench } = connect({ isOpened: false, serverSequence: 5000 });
    connection.clientSegment("", { flags: TcpFlag.Syn });
    connection.serverSegment("", { flags: TcpFlag.Syn | TcpFlag.Ack });
    connection.serverSegment("", { flags: TcpFlag.Syn | TcpFlag.Ack, offset: sequence - 5001 });
    connection.client("abc");
    connection.server("xyz");
    expect(streams[0]!.text("server")).toBe("xyz");
    expect(bench.engineCounters().gaps).toBe(0);
  });
});
