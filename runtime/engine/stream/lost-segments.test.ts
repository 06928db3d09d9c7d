import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TcpFlag } from "../../packet/tcp-flag.js";
import { connect } from "./testing/connection.js";

describe("a gap", () => {
  it("is delivered when too many bytes wait after it", () => {
    const { bench, connection, streams } = connect({ limits: { stream_gap_bytes: 1024 } });
    connection.client("abc");
    connection.clientSegment("x".repeat(2000), { offset: 4 });
    expect(streams[0]!.text("client")).toBe(`abc????${"x".repeat(2000)}`);
    expect(bench.engineCounters().gaps).toBe(1);
  });

  it("is delivered when bytes have waited after it for too long", () => {
    const { bench, connection, streams } = connect({ limits: { stream_gap_ms: 1000 } });
    connection.client("abc", { atSeconds: 1 });
    connection.clientSegment("def", { offset: 2 });
    bench.advance(1.9);
    expect(streams[0]!.text("client")).toBe("abc");
    bench.advance(2);
    expect(streams[0]!.text("client")).toBe("abc??def");
  });

  it("is delivered when the connection ends, before the end", () => {
    const { connection, streams } = connect();
    connection.clientSegment("def", { offset: 3 });
    connection.clientSegment("", { flags: TcpFlag.Rst });
    expect(streams[0]!.text("client")).toBe("???def");
    expect(streams[0]!.ends).toEqual(["client", "server"]);
  });

  it("is delivered for bytes that the capture truncated off", () => {
    const { connection, streams } = connect();
    connection.client("abcdef", { capturedBytes: 14 + 20 + 20 + 4 });
    connection.client("ghi");
    expect(streams[0]!.text("client")).toBe("abcd??ghi");
  });
});

it("delivers bytes and gaps at their positions in the stream", () => {
  const piece = fc.record({ start: fc.nat(299), length: fc.integer({ min: 1, max: 60 }) });
  const sent = Array.from({ length: 360 }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), (pieces) => {
      const { bench, connection, streams } = connect({ limits: { stream_gap_bytes: 1024 } });
      for (const { start, length } of pieces) {
        connection.clientSegment(sent.slice(start, start + length), { offset: start });
      }
      bench.finish();
      const delivered = streams[0]!.text("client");
      expect(delivered.replaceAll("?", "").length).toBeGreaterThan(0);
      for (let i = 0; i < delivered.length; i++) {
        if (delivered[i] !== "?") expect(delivered[i]).toBe(sent[i]);
      }
    }),
    { numRuns: 300 },
  );
});

describe("bytes that the other side acknowledges", () => {
  it("and that were not captured are lost before later bytes of either side are delivered", () => {
    const { bench, connection, streams } = connect();
    connection.client("one");
    connection.server("ONE");
    connection.clientLost(3);
    connection.server("TWO");
    expect(streams[0]!.text("client")).toBe("one???");
    connection.client("three");
    connection.serverLost(5);
    connection.client("four");
    expect(streams[0]!.text("server")).toBe("ONETWO?????");
    expect(streams[0]!.order).toEqual(["one", "ONE", "[3]", "TWO", "three", "[5]", "four"]);
    expect(bench.engineCounters()).toMatchObject({ gaps: 2, missedBytes: 8 });
  });

  it("are followed immediately by the bytes that wait after them", () => {
    const { connection, streams } = connect();
    connection.client("a");
    connection.clientLost(2);
    connection.client("bc");
    expect(streams[0]!.text("client")).toBe("a");
    connection.serverSegment("", {});
    expect(streams[0]!.text("client")).toBe("a??bc");
  });

  it("may still arrive out of order until later bytes are delivered", () => {
    const { bench, connection, streams } = connect();
    connection.client("a");
    connection.clientLost(3);
    connection.serverSegment("", {});
    connection.clientSegment("bcd", { offset: -3 });
    connection.client("e");
    expect(streams[0]!.text("client")).toBe("abcde");
    expect(bench.engineCounters().gaps).toBe(0);
  });

  it("are partly lost if the rest is not acknowledged", () => {
    const { connection, streams } = connect();
    connection.client("a");
    connection.clientLost(2);
    connection.server("x");
    connection.clientLost(2);
    connection.client("f");
    connection.clientSegment("de", { offset: -3 });
    expect(streams[0]!.text("client")).toBe("a??def");
  });

  it("are ignored in a RST, or if they are far ahead", () => {
    const { connection, streams } = connect();
    connection.client("a");
    connection.clientLost(2 ** 30 + 5);
    connection.serverSegment("x", {});
    expect(streams[0]!.text("client")).toBe("a");
    expect(streams[0]!.text("server")).toBe("x");
  });

  it("show where the other side's stream begins where that was not seen", () => {
    const { connection, streams } = connect({ isOpened: false });
    connection.client("abc");
    connection.serverLost(2);
    connection.client("def");
    connection.server("xyz");
    expect(streams[0]!.text("server")).toBe("??xyz");
  });

  it("do not include a FIN, which has a sequence number too", () => {
    const { bench, connection, streams } = connect();
    connection.client("a");
    connection.clientSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
    connection.server("x");
    expect(streams[0]!.text("client")).toBe("a");
    expect(bench.engineCounters().gaps).toBe(0);
  });
});

it("delivers both sides in an order in which they can have sent, whatever is lost", () => {
  // Each message responds to the one before it, in one segment each; some are lost.
  const message = fc.record({ isLost: fc.boolean(), length: fc.integer({ min: 1, max: 20 }) });
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 20 }), (messages) => {
      const { connection, streams } = connect();
      connection.client("!");
      for (const [index, { isLost, length }] of messages.entries()) {
        const text = String.fromCharCode(97 + index).repeat(length);
        if (index % 2 === 0) isLost ? connection.serverLost(length) : connection.server(text);
        else if (isLost) connection.clientLost(length);
        else connection.client(text);
      }
      connection.close();
      const delivered = streams[0]!.order.filter((part) => /^[a-z]/.test(part)).map((part) => part[0]!);
      expect(delivered).toEqual([...delivered].sort());
      const lost = messages.filter(({ isLost }) => isLost).reduce((sum, { length }) => sum + length, 0);
      const reported = streams[0]!.order
        .filter((part) => part.startsWith("["))
        .map((part) => Number(part.slice(1, -1)));
      expect(reported.reduce((sum, length) => sum + length, 0)).toBe(lost);
    }),
  );
});
