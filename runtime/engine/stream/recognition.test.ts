import { describe, expect, it } from "vitest";
import { Sender, StreamVerdict } from "../../plugin/hooks.js";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../plugin/testing/tcp-conversation.js";
import { connect, ECHO } from "./testing/connection.js";
import { type RecordingOptions, recordingPlugin } from "./testing/recording-plugin.js";

describe("recognition", () => {
  const probe: NonNullable<RecordingOptions["probe"]> = ({ bytes, start, end }) =>
    end - start >= 2 && bytes[start] === 0x61;

  it("calls probes on unbound ports, and remembers their result", () => {
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

  it("finds a protocol that follows a dialogue of another protocol, as after STARTTLS", () => {
    const { connection, streams } = connect({ serverPort: 9999, probe });
    for (let i = 0; i < 15; i++) {
      connection.client("zzz");
      connection.server("yyy");
    }
    connection.client("abc");
    connection.server("xyz");
    expect(streams.map((stream) => stream.order)).toEqual([["abc", "xyz"]]);
  });

  it("calls probes of other plugins when the plugin of the port refuses", () => {
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

  it("calls probes of other plugins with the unconsumed bytes of the other direction, too", () => {
    const refusing = recordingPlugin({ take: (_, isFromServer) => (isFromServer ? StreamVerdict.NotMine : 0) });
    const knowing = recordingPlugin({ tcpPorts: [], probe });
    const bench = new DecoderBench(refusing.plugin, knowing.plugin);
    const connection = new TcpConversation(bench, { serverPort: ECHO });
    connection.open();
    connection.client("abc");
    connection.client("def");
    connection.server("xyz");
    connection.client("ghi");
    expect(knowing.streams.map(({ order }) => order)).toEqual([["abcdef", "xyz", "ghi"]]);
  });

  describe("of a connection that the plugin of the port refuses and no other plugin recognizes", () => {
    /** A plugin that refuses bytes of a client, and whose probe recognizes bytes that begin with `a`. */
    const refuse = () =>
      recordingPlugin({ take: (length, isFromServer) => (isFromServer ? length : StreamVerdict.NotMine), probe });

    it("continues, with that plugin too", () => {
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

    it("ends after the same number of segments as for any unrecognized connection", () => {
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

describe("the client of a connection under way on unbound ports", () => {
  const probe = (sender: Sender) => ({ tcpPorts: [], probe: () => sender, isOpened: false, serverPort: 50000 });

  it.each([
    [Sender.Client, "client"],
    [Sender.Server, "server"],
    [Sender.Unknown, "server"],
  ] as const)("is the side that the probe returns: %d", (sender, side) => {
    const { connection, streams } = connect(probe(sender));
    connection.client("abc");
    expect(streams[0]!.text(side)).toBe("abc");
  });

  it("is the client of the handshake if that was seen", () => {
    const { connection, streams } = connect({ ...probe(Sender.Server), isOpened: true });
    connection.client("abc");
    expect(streams[0]!.text("client")).toBe("abc");
  });
});
