import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TcpFlag } from "../packet/tcp-flag.js";
import { Sender, StreamVerdict } from "../plugin/hooks.js";
import { DecoderBench } from "../plugin/testing/decoder-bench.js";
import { TcpConversation, type TcpConversationOptions } from "../plugin/testing/tcp-conversation.js";
import { type RecordingOptions, recordingPlugin } from "./testing/recording-plugin.js";

const ECHO = 7;

/** One connection, opened unless told otherwise, whose bytes are recorded. */
function connect(
  options: RecordingOptions & Partial<TcpConversationOptions> & { isOpened?: boolean; limits?: object } = {},
) {
  const { plugin, streams } = recordingPlugin(options);
  const bench = DecoderBench.configured({ limits: options.limits ?? {} }, plugin);
  const connection = new TcpConversation(bench, { serverPort: ECHO, ...options });
  if (options.isOpened !== false) connection.open();
  return { bench, connection, streams };
}

describe("segments in order", () => {
  it("reach the decoder of the bound port, each direction by itself", () => {
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

  it("continue where sequence numbers wrap", () => {
    const { connection, streams } = connect({ clientSequence: 0xfffffffe, serverSequence: 0xffffffff });
    for (const part of ["a", "bc", "def", "ghij"]) connection.client(part);
    connection.server("xyz");
    expect(streams[0]!.text("client")).toBe("abcdefghij");
    expect(streams[0]!.text("server")).toBe("xyz");
  });

  it("are taken from the middle of a connection on", () => {
    const { connection, streams } = connect({ isOpened: false });
    connection.server("xyz");
    connection.client("abc");
    connection.server("uvw");
    expect(streams[0]!.text("client")).toBe("abc");
    expect(streams[0]!.text("server")).toBe("xyzuvw");
  });

  it("with a SYN of both sides at once are one connection, of which the first one to speak is the client", () => {
    const { connection, streams } = connect({ isOpened: false });
    connection.clientSegment("", { flags: TcpFlag.Syn });
    connection.serverSegment("", { flags: TcpFlag.Syn });
    connection.clientSegment("", { flags: TcpFlag.Syn | TcpFlag.Ack, offset: -1 });
    connection.client("abc");
    expect(streams[0]!.text("client")).toBe("abc");
  });

  it("may come with the SYN", () => {
    const { connection, streams } = connect({ isOpened: false });
    connection.clientSegment("abc", { flags: TcpFlag.Syn });
    connection.client("def", {});
    expect(streams[0]!.text("client")).toBe("abcdef");
  });
});

describe("what a decoder is not done with", () => {
  it("comes again with what follows", () => {
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

  it("is dropped as a gap when it is more than a connection may hold", () => {
    const { bench, connection, streams } = connect({ take: () => 0, limits: { stream_connection_bytes: 4096 } });
    connection.client("x".repeat(3000));
    connection.client("x".repeat(3000));
    expect(streams[0]!.client).toEqual([[6000]]);
    expect(bench.engineCounters().overfullConnections).toBe(1);
  });
});

it("passes over bytes that the decoder does not want, and reports which of them were lost", () => {
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

  it("is delivered for bytes that the capture cut off", () => {
    const { connection, streams } = connect();
    connection.client("abcdef", { capturedBytes: 14 + 20 + 20 + 4 });
    connection.client("ghi");
    expect(streams[0]!.text("client")).toBe("abcd??ghi");
  });
});

describe("segments that are there already", () => {
  it("are dropped, in whole or in part", () => {
    const { connection, streams } = connect();
    connection.client("abcdef");
    connection.clientSegment("abc", { offset: -6 });
    connection.clientSegment("defghi", { offset: -3 });
    expect(streams[0]!.text("client")).toBe("abcdefghi");
  });

  it("are dropped where they only keep the connection alive", () => {
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

  it("comes after bytes that the FIN overtook", () => {
    const { connection, streams } = connect();
    connection.clientSegment("def", { offset: 3, flags: TcpFlag.Fin | TcpFlag.Ack });
    expect(streams[0]!.ends).toEqual([]);
    connection.client("abc");
    expect(streams[0]!.text("client")).toBe("abcdef");
    expect(streams[0]!.ends).toEqual(["client"]);
  });

  it("comes with the end of the input", () => {
    const { bench, connection, streams } = connect();
    connection.client("abc");
    bench.finish();
    expect(streams[0]!.ends).toEqual(["client", "server"]);
  });

  it("comes when the same ports are used again, closed or not", () => {
    const { bench, connection, streams } = connect();
    connection.client("abc");
    const again = new TcpConversation(bench, { serverPort: ECHO, clientSequence: 777_000, serverSequence: 888_000 });
    again.open();
    again.client("def");
    expect(streams.map((stream) => stream.text("client"))).toEqual(["abc", "def"]);
    expect(streams[0]!.ends).toEqual(["client", "server"]);
  });
});

describe("budgets", () => {
  const fill = (bench: DecoderBench, count: number) => {
    for (let i = 0; i < count; i++) {
      const connection = new TcpConversation(bench, { serverPort: ECHO, clientPort: 50_000 + i });
      connection.open();
      connection.client("x".repeat(1400));
    }
  };

  it("of all connections give up the one that has held bytes for longest", () => {
    const { plugin, streams } = recordingPlugin({ take: () => 0 });
    const bench = DecoderBench.configured({ limits: { stream_total_bytes: 4096 } }, plugin);
    fill(bench, 4);
    expect(bench.engineCounters().evictedByTotal).toBe(2);
    expect(streams.map(({ ends }) => ends.length)).toEqual([2, 2, 0, 0]);
  });

  it("of a plugin do so too", () => {
    const { plugin, streams } = recordingPlugin({ take: () => 0 });
    const bench = DecoderBench.configured({ limits: { stream_plugin_bytes: 4096 } }, plugin);
    fill(bench, 3);
    expect(bench.engineCounters().evictedByPlugin).toBe(1);
    expect(streams.map(({ ends }) => ends.length)).toEqual([2, 0, 0]);
  });
});

describe("recognition", () => {
  const probe: NonNullable<RecordingOptions["probe"]> = ({ bytes, start, end }) =>
    end - start >= 2 && bytes[start] === 0x61;

  it("asks probes on ports that are nobody's, and remembers their answer", () => {
    const { connection, streams } = connect({ serverPort: 9999, probe });
    connection.client("abc");
    connection.server("xyz");
    expect(streams[0]!.text("client")).toBe("abc");
    expect(streams[0]!.text("server")).toBe("xyz");
  });

  it("gives up after the first segments with data", () => {
    const { connection, streams } = connect({ serverPort: 9999, probe });
    for (let i = 0; i < 32; i++) connection.client("zzz");
    connection.client("abc");
    expect(streams).toEqual([]);
  });

  it("finds what follows a dialogue of others, as after STARTTLS", () => {
    const { connection, streams } = connect({ serverPort: 9999, probe });
    for (let i = 0; i < 15; i++) {
      connection.client("zzz");
      connection.server("yyy");
    }
    connection.client("abc");
    connection.server("xyz");
    expect(streams.map((stream) => stream.order)).toEqual([["abc", "xyz"]]);
  });

  it("asks probes of others when the plugin of the port refuses", () => {
    const refusing = recordingPlugin({ take: () => StreamVerdict.NotMine });
    const knowing = recordingPlugin({ tcpPorts: [], probe });
    const bench = new DecoderBench(refusing.plugin, knowing.plugin);
    const connection = new TcpConversation(bench, { serverPort: ECHO });
    connection.open();
    connection.client("abc");
    connection.server("xyz");
    expect(knowing.streams[0]!.text("client")).toBe("abc");
    expect(knowing.streams[0]!.text("server")).toBe("xyz");
  });

  describe("that the plugin of the port refuses and no other one knows", () => {
    /** A plugin that refuses what a client sends, and knows what begins with `a`. */
    const refuse = () =>
      recordingPlugin({ take: (length, isFromServer) => (isFromServer ? length : StreamVerdict.NotMine), probe });

    it("is offered on, to that plugin too", () => {
      const { plugin, streams } = refuse();
      const bench = new DecoderBench(plugin);
      const connection = new TcpConversation(bench, { serverPort: ECHO });
      connection.open();
      connection.client("zzz");
      connection.client("yyy");
      connection.server("abc");
      connection.server("def");
      bench.finish();
      expect(streams.map(({ order, ends }) => [order, ends])).toEqual([
        [[], []],
        [
          ["abc", "def"],
          ["client", "server"],
        ],
      ]);
      expect(bench.counters()).toMatchObject({ notMine: 1, accepted: 1 });
    });

    it("is given up after as many segments as an unrecognized one, and stays unrecognized", () => {
      const { plugin, streams } = refuse();
      const bench = new DecoderBench(plugin);
      const connection = new TcpConversation(bench, { serverPort: ECHO });
      connection.open();
      for (let i = 0; i < 32; i++) connection.client("zzz");
      connection.server("abc");
      bench.finish();
      expect(streams.map(({ order }) => order)).toEqual([[]]);
      expect(bench.counters()).toMatchObject({ notMine: 1, accepted: 0 });
    });
  });
});

it("delivers what was sent, however it is cut, put out of order, doubled and laid over itself", () => {
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
        // Then everything once more, cut as it would be without losses.
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

it("never lets gaps and bytes together differ from what was sent", () => {
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

describe("what the other side acknowledges", () => {
  it("and was not captured is lost before anything later of either side is delivered", () => {
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

  it("delivers what waits after it, at once", () => {
    const { connection, streams } = connect();
    connection.client("a");
    connection.clientLost(2);
    connection.client("bc");
    expect(streams[0]!.text("client")).toBe("a");
    connection.serverSegment("", {});
    expect(streams[0]!.text("client")).toBe("a??bc");
  });

  it("may still come, out of order, as long as nothing later is there", () => {
    const { bench, connection, streams } = connect();
    connection.client("a");
    connection.clientLost(3);
    connection.serverSegment("", {});
    connection.clientSegment("bcd", { offset: -3 });
    connection.client("e");
    expect(streams[0]!.text("client")).toBe("abcde");
    expect(bench.engineCounters().gaps).toBe(0);
  });

  it("is lost to a part where the rest is not acknowledged", () => {
    const { connection, streams } = connect();
    connection.client("a");
    connection.clientLost(2);
    connection.server("x");
    connection.clientLost(2);
    connection.client("f");
    connection.clientSegment("de", { offset: -3 });
    expect(streams[0]!.text("client")).toBe("a??def");
  });

  it("counts for nothing in a RST, or where it is far ahead", () => {
    const { connection, streams } = connect();
    connection.client("a");
    connection.clientLost(2 ** 30 + 5);
    connection.serverSegment("x", {});
    expect(streams[0]!.text("client")).toBe("a");
    expect(streams[0]!.text("server")).toBe("x");
  });

  it("reports where the other side's stream begins where that was not seen", () => {
    const { connection, streams } = connect({ isOpened: false });
    connection.client("abc");
    connection.serverLost(2);
    connection.client("def");
    connection.server("xyz");
    expect(streams[0]!.text("server")).toBe("??xyz");
  });

  it("is not beyond a FIN, which has a number too", () => {
    const { bench, connection, streams } = connect();
    connection.client("a");
    connection.clientSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
    connection.server("x");
    expect(streams[0]!.text("client")).toBe("a");
    expect(bench.engineCounters().gaps).toBe(0);
  });
});

it("what the two sides say is delivered in an order in which they can have said it, whatever is lost", () => {
  // Each message answers the one before it, in one segment each; some are lost.
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

describe("who is the client of a connection under way on ports of nobody", () => {
  const probe = (sender: Sender) => ({ tcpPorts: [], probe: () => sender, isOpened: false, serverPort: 50000 });

  it.each([
    [Sender.Client, "client"],
    [Sender.Server, "server"],
    [Sender.Unknown, "server"],
  ] as const)("is what the probe returns: %d", (sender, side) => {
    const { connection, streams } = connect(probe(sender));
    connection.client("abc");
    expect(streams[0]!.text(side)).toBe("abc");
  });

  it("is that of the handshake where that was seen", () => {
    const { connection, streams } = connect({ ...probe(Sender.Server), isOpened: true });
    connection.client("abc");
    expect(streams[0]!.text("client")).toBe("abc");
  });
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

  it.each([900_000, 100])("is not where the client acknowledges the first one, with number %d", (sequence) => {
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
