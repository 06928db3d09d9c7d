import { describe, expect, it } from "vitest";
import { StreamVerdict } from "../../plugin/hooks.js";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../plugin/testing/tcp-conversation.js";
import { type RecordingOptions, recordingPlugin } from "./testing/recording-plugin.js";

const ECHO = 7;
/** Payloads that begin with `a` belong to the carried protocol. */
const probe: NonNullable<RecordingOptions["probe"]> = ({ bytes, start, end }) => end > start && bytes[start] === 0x61;

/** A connection whose carrier consumes one segment of each side, then hands over. */
function carry(isCarrierProbed = false) {
  let taken = 0;
  const carrier = recordingPlugin({
    take: (length) => (++taken > 2 ? StreamVerdict.HandOver : length),
    ...(isCarrierProbed ? { probe } : {}),
  });
  const carried = recordingPlugin({ tcpPorts: [], probe });
  const bench = new DecoderBench(carrier.plugin, carried.plugin);
  const connection = new TcpConversation(bench, { serverPort: ECHO });
  connection.open();
  connection.client("hello");
  connection.server("welcome");
  return { bench, connection, carrier, carried };
}

describe("a stream that is handed over", () => {
  it("is decoded from the current bytes on by the plugin that recognizes them", () => {
    const { bench, connection, carrier, carried } = carry();
    connection.client("abc");
    connection.server("xyz");
    connection.client("def");
    connection.close();
    bench.finish();
    expect(carrier.streams[0]!.order).toEqual(["hello", "welcome"]);
    expect(carrier.streams[0]!.ends).toEqual([]);
    expect(carried.streams[0]!.order).toEqual(["abc", "xyz", "def"]);
    expect(carried.streams[0]!.ends).toEqual(["client", "server"]);
  });

  it("is offered for as long as an unrecognized stream", () => {
    const { connection, carried } = carry();
    for (let i = 0; i < 31; i++) connection.client("zzz");
    connection.client("abc");
    expect(carried.streams[0]!.order).toEqual(["abc"]);
    const late = carry();
    for (let i = 0; i < 32; i++) late.connection.server("zzz");
    late.connection.client("abc");
    expect(late.carried.streams).toEqual([]);
  });

  it("may be the same protocol's again", () => {
    const { bench, connection, carrier, carried } = carry(true);
    connection.client("abc");
    expect(carrier.streams).toHaveLength(2);
    expect(carried.streams).toEqual([]);
    bench.finish();
  });

  it("does not report losses to the decoder that handed it over", () => {
    const { bench, connection, carrier, carried } = carry();
    connection.client("zzz");
    connection.serverLost(10);
    connection.client("zzz");
    connection.server("abc");
    bench.finish();
    expect(carrier.streams[0]!.order).toEqual(["hello", "welcome"]);
    expect(carried.streams[0]!.order).toEqual(["abc"]);
  });
});

describe("a PROXY header", () => {
  const HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 40000 80\r\n";

  it.each(["bound", "found by its bytes"])("is skipped before a protocol that is %s", (how) => {
    const isBound = how === "bound";
    for (const payloads of [[`${HEADER}abc`], [HEADER, "abc"]]) {
      const { plugin, streams } = recordingPlugin({ tcpPorts: isBound ? [ECHO] : [], probe });
      const bench = new DecoderBench(plugin);
      const connection = new TcpConversation(bench, { serverPort: ECHO });
      connection.open();
      for (const payload of payloads) connection.client(payload);
      connection.server("xyz");
      connection.client("def");
      bench.finish();
      expect(streams.map((stream) => stream.order.join(" "))).toEqual(["abc xyz def"]);
      expect(bench.engineCounters().gaps).toBe(0);
    }
  });

  it("identifies the client if no SYN was seen", () => {
    const { plugin, streams } = recordingPlugin({ tcpPorts: [], probe });
    const bench = new DecoderBench(plugin);
    const connection = new TcpConversation(bench, { clientPort: 100, serverPort: 40000 });
    connection.client(`${HEADER}abc`);
    connection.server("xyz");
    expect(streams[0]!.text("client")).toBe("abc");
    expect(streams[0]!.text("server")).toBe("xyz");
  });

  it("is not recognized from a server, or later in the stream", () => {
    for (const send of ["server", "client"] as const) {
      const { plugin, streams } = recordingPlugin();
      const connection = new TcpConversation(new DecoderBench(plugin), { serverPort: ECHO });
      connection.open();
      if (send === "client") connection.client("abc");
      connection[send](HEADER);
      expect(streams[0]!.text(send)).toContain(HEADER);
    }
  });
});
