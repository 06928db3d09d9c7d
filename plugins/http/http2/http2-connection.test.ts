import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../../runtime/plugin/testing/tcp-conversation.js";
import { CLIENT_PREFACE, FrameType } from "./frame.js";
import { connect, GET, http, OK, open } from "./testing/connection.js";
import {
  CLIENT_START,
  frameOf,
  headers,
  indexed,
  joined,
  responseFields,
  SERVER_START,
  settings,
} from "./testing/frames.js";

describe("a connection", () => {
  it("is recognised on any port, by either side's preface", () => {
    for (const isServerFirst of [false, true]) {
      const { bench, connection } = open({}, 50051);
      if (isServerFirst) connection.server(SERVER_START);
      connection.client(joined(CLIENT_START, GET(1)));
      if (!isServerFirst) connection.server(SERVER_START);
      connection.server(OK(1));
      expect(bench.rows()).toMatchObject([{ dst_port: 50051, status: 200 }]);
    }
  });

  it.each([
    ["settings that are not registered", settings([3, 100], [0x1a2a, 1])],
    ["settings whose value is not allowed (RFC 9113, section 6.5.2)", settings([2, 7])],
    ["no settings", settings()],
    ["an acknowledgement", frameOf(FrameType.Settings, 1, 0)],
    ["half of a preface", CLIENT_PREFACE.subarray(0, 20)],
  ])("is not recognised on any port by %s", (_, bytes) => {
    const { bench, connection } = open({}, 50051);
    connection.server(bytes);
    bench.finish();
    expect(bench.counters()).toMatchObject({ accepted: 0, notMine: 0 });
  });

  it("is recognised on a bound port by any settings of its server, such as those of gRPC", () => {
    const { bench, connection } = open();
    // What gRPC's C core sends: GRPC_PREFERRED_RECEIVE_MESSAGE_SIZE is 0xfe03.
    connection.server(settings([4, 65535], [5, 16384], [0xfe03, 1]));
    connection.client(joined(CLIENT_START, GET(1)));
    connection.server(OK(1));
    expect(bench.rows()).toMatchObject([{ stream_id: 1, status: 200 }]);
    expect(bench.counters()).toMatchObject({ accepted: 1, notMine: 0 });
  });

  it("is not recognised on a bound port by settings whose value is not allowed (RFC 9113, section 6.5.2)", () => {
    const { bench, connection } = open();
    connection.server(settings([4, 2 ** 31]));
    bench.finish();
    expect(bench.counters()).toMatchObject({ accepted: 0, notMine: 1 });
  });

  it("whose beginning was not seen is not recognised, not even by later settings", () => {
    for (const serverPort of [8080, 50051]) {
      for (const side of ["client", "server"] as const) {
        const bench = new DecoderBench(http);
        const connection = new TcpConversation(bench, { serverPort });
        connection[side](settings([4, 100_000]));
        connection.client(GET(7));
        connection.server(OK(7));
        expect(bench.finish()).toEqual([]);
        expect(bench.counters().accepted).toBe(0);
      }
    }
  });

  it("whose client's preface is its first bytes that were seen is recognised", () => {
    const bench = new DecoderBench(http);
    const connection = new TcpConversation(bench, { serverPort: 50051 });
    connection.client(joined(CLIENT_START, GET(1)));
    connection.server(joined(SERVER_START, OK(1)));
    expect(bench.rows()).toMatchObject([{ status: 200, incomplete: false, dst_port: 50051 }]);
  });

  it("uses tables of the size that the other side allows (RFC 7541, section 4.2)", () => {
    const { bench, connection } = open();
    connection.client(joined(CLIENT_START, settings([1, 8192]), GET(1), GET(3)));
    // The server's table is as large as the client allows, then one octet larger, which is an error.
    const grown = (size: number[]) => joined([0x3f, ...size], responseFields(200));
    connection.server(joined(SERVER_START, headers(1, grown([0xe1, 0x3f])), headers(3, grown([0xe2, 0x3f]))));
    expect(bench.finish()).toMatchObject([
      { stream_id: 1, status: 200, malformed: false },
      { stream_id: 3, status: null, malformed: true, incomplete: true },
    ]);
  });

  it("repeats fields by index, in both directions", () => {
    const { bench, connection } = connect();
    const first = joined([0x82, 0x86, 0x84], indexed(":authority", "b.example"), indexed("user-agent", "u/1"));
    connection.client(joined(headers(1, first), headers(3, Uint8Array.of(0x82, 0x86, 0x84, 0xbf, 0xbe))));
    connection.server(
      joined(headers(1, joined([0x88], indexed("server", "s/1"))), headers(3, Uint8Array.of(0x8d, 0xbe))),
    );
    expect(bench.rows()).toMatchObject([
      { host: "b.example", user_agent: "u/1", status: 200, server: "s/1", target: "/" },
      { host: "b.example", user_agent: "u/1", status: 404, server: "s/1", target: "/" },
    ]);
  });

  it("keeps a bounded number of streams, and makes a row of the oldest", () => {
    const { bench, connection } = connect();
    for (let i = 0; i < 1100; i++) connection.client(GET(i * 2 + 1, `/${i}`));
    expect(bench.rows()).toHaveLength(76);
    connection.server(OK(1));
    connection.server(OK(2199));
    const rows = bench.finish();
    expect(rows.filter((row) => row["state"] === "COMPLETE")).toMatchObject([{ target: "/1099" }]);
    expect(new Set(rows.map((row) => row["target"])).size).toBe(1100 - 76);
  });
});
