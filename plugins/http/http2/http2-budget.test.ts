import { describe, expect, it } from "vitest";
import type { HttpRecord } from "../../../generated/http/record.js";
import { definePlugin, type Plugin, TcpFlag } from "../../../runtime/plugin/index.js";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../../runtime/plugin/testing/tcp-conversation.js";
import { HeaderReader } from "../header-reader.js";
import { MemoryBudget } from "../hpack/memory-budget.js";
import { HttpConnection, HttpReaders } from "../http-connection.js";
import { GET, http, OK } from "./testing/connection.js";
import { CLIENT_START, data, headers, indexed, joined, requestFields, reset, SERVER_START } from "./testing/frames.js";

/** A bench whose connections of HTTP/2 have `bytes` of memory together. */
function benchOf(bytes: number, limits: Record<string, number> = {}) {
  const budget = new MemoryBudget(bytes);
  const header = new HeaderReader({ requestHeaders: [], responseHeaders: [] });
  const readers = new HttpReaders(header, budget);
  const plugin = definePlugin<HttpRecord>({
    ...(http as unknown as Plugin<HttpRecord>),
    createStreamDecoder: (connection, out) => new HttpConnection(out, readers, connection),
  });
  const bench = DecoderBench.configured({ limits }, plugin);
  const connect = (clientPort = 40000) => {
    const connection = new TcpConversation(bench, { serverPort: 8080, clientPort });
    connection.open();
    connection.client(CLIENT_START);
    connection.server(SERVER_START);
    return connection;
  };
  /** All memory was given back. */
  const isWhole = () => {
    const canBeTaken = budget.take(bytes);
    if (canBeTaken) budget.giveBack(bytes);
    return canBeTaken;
  };
  return { bench, connect, isWhole };
}

/** A request whose authority is inserted in the table, without its end. */
const POST = (streamId: number) =>
  headers(streamId, joined([0x83, 0x86, 0x84], indexed(":authority", "b.example")), false);
/** A request that repeats that authority. */
const REPEATED = (streamId: number) => headers(streamId, Uint8Array.of(0x82, 0x86, 0x84, 0xbe));

describe("without memory for more", () => {
  it("a stream takes the place of the connection's oldest", () => {
    const { bench, connect } = benchOf(300);
    const connection = connect();
    connection.client(joined(GET(1, "/1"), GET(3, "/3")));
    expect(bench.rows()).toMatchObject([{ target: "/1", state: "UNANSWERED" }]);
    connection.server(joined(OK(1), OK(3)));
    expect(bench.finish()).toMatchObject([{ target: "/3", state: "COMPLETE", status: 200, incomplete: false }]);
  });

  it("a request of a connection that has no other is a row at once, and its response is skipped", () => {
    const { bench, connect } = benchOf(300);
    const first = connect(40000);
    first.client(GET(1, "/first"));
    const second = connect(40001);
    second.client(GET(1, "/second"));
    expect(bench.rows()).toMatchObject([{ target: "/second", state: "UNANSWERED", incomplete: true }]);
    second.server(OK(1));
    first.server(OK(1));
    second.client(GET(3, "/third"));
    second.server(OK(3));
    expect(bench.finish()).toMatchObject([
      { target: "/first", status: 200 },
      { target: "/third", status: 200, incomplete: false },
    ]);
  });

  it("fields that stand in a table are omitted", () => {
    const { bench, connect } = benchOf(800);
    const connection = connect();
    connection.client(joined(POST(1), data(1, 1), REPEATED(3)));
    connection.server(joined(OK(1), OK(3)));
    expect(bench.finish()).toMatchObject([
      { stream_id: 1, host: "b.example", incomplete: false },
      { stream_id: 3, host: null, incomplete: true, malformed: false },
    ]);
  });
});

describe("all memory is given back by a connection", () => {
  const BYTES = 10_000;
  const start = (limits?: Record<string, number>) => {
    const parts = benchOf(BYTES, limits);
    const connection = parts.connect();
    connection.client(joined(POST(1), POST(3), headers(5, requestFields("GET", "/"))));
    connection.server(joined(headers(1, joined([0x88], indexed("server", "s")), false), data(1, 10, false)));
    expect(parts.isWhole()).toBe(false);
    return { ...parts, connection };
  };

  it("that is closed", () => {
    const { connection, isWhole } = start();
    connection.close();
    expect(isWhole()).toBe(true);
  });

  it("that is closed by its server first", () => {
    const { connection, isWhole } = start();
    connection.serverSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
    connection.client(GET(7));
    connection.clientSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
    expect(isWhole()).toBe(true);
  });

  it.each(["clientSegment", "serverSegment"] as const)("that is reset: %s", (side) => {
    const { connection, isWhole } = start();
    connection[side]("", { flags: TcpFlag.Rst });
    expect(isWhole()).toBe(true);
  });

  it("that loses bytes, and whose streams are reset, before it is closed", () => {
    const { connection, isWhole } = start();
    connection.clientLost(100);
    connection.client(joined(reset(3, 8), POST(9)));
    connection.serverLost(100);
    connection.server(joined(OK(5), OK(11)));
    connection.close();
    expect(isWhole()).toBe(true);
  });

  it("that is evicted", () => {
    const { connect, isWhole } = start({ conversations: 16 });
    for (let i = 1; i <= 16; i++) connect(40000 + i);
    expect(isWhole()).toBe(true);
  });

  it("of which nothing comes for long, and at the end of the input", () => {
    const idle = start();
    idle.bench.advance(700);
    expect(idle.isWhole()).toBe(true);
    const ended = start();
    ended.bench.finish();
    expect(ended.isWhole()).toBe(true);
  });
});
