import { describe, expect, it, vi } from "vitest";
import { TcpFlag } from "../../../runtime/packet/tcp-flag.js";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../../runtime/plugin/testing/tcp-conversation.js";
import { connect, GET, http, OK, open } from "./connection-fixture.js";
import { CLIENT_PREFACE, FrameType } from "./frame.js";
import {
  CLIENT_START,
  data,
  fields,
  frameOf,
  goAway,
  headers,
  headersInPieces,
  indexed,
  joined,
  paddedData,
  promise,
  requestFields,
  reset,
  responseFields,
  SERVER_START,
  settings,
} from "./frames-fixture.js";

describe("a stream", () => {
  it("is a row under its request's time", () => {
    const { bench, connection } = connect();
    const request = requestFields(
      "POST",
      "/a?b=c",
      ["user-agent", "test/1"],
      ["content-type", "text/plain"],
      ["content-length", "5"],
    );
    connection.client(joined(headers(1, request, false), data(1, 5)), { atSeconds: 1 });
    const response = responseFields(201, ["content-type", "text/html"], ["server", "s"], ["content-length", "3"]);
    connection.server(joined(headers(1, response, false), data(1, 3)), { atSeconds: 1.25 });
    expect(bench.rows()).toMatchObject([
      {
        state: "COMPLETE",
        time: "2026-01-01T00:00:01.000000000Z",
        latency: "0.250s",
        src_address: "192.0.2.1",
        src_port: 40000,
        dst_port: 8080,
        frame_number: 6,
        response_frame: 7,
        request_number: 1,
        stream_id: 1,
        stream_error: null,
        method: "POST",
        target: "/a?b=c",
        host: "a.example",
        request_version: "HTTP/2",
        user_agent: "test/1",
        request_content_type: "text/plain",
        request_content_length: 5,
        request_body_bytes: 5,
        status: 201,
        reason: null,
        response_version: "HTTP/2",
        response_content_type: "text/html",
        response_content_length: 3,
        response_body_bytes: 3,
        server: "s",
        incomplete: false,
        malformed: false,
      },
    ]);
  });

  it("is read from frames that are cut anywhere, with padding, priority and continuations", () => {
    const { bench, connection } = open();
    const block = requestFields("POST", "/pieces");
    const request = joined(
      CLIENT_START,
      headersInPieces(1, false, block.subarray(0, 7), block.subarray(7, 8), block.subarray(8)),
      paddedData(1, 10, 7, false),
      data(1, 0, false),
      paddedData(1, 5, 200),
    );
    const answer = responseFields(200);
    const response = joined(SERVER_START, headersInPieces(1, false, answer), data(1, 4, false), paddedData(1, 2, 0));
    for (const byte of request) connection.client(Uint8Array.of(byte));
    for (const byte of response) connection.server(Uint8Array.of(byte));
    expect(bench.rows()).toMatchObject([
      { target: "/pieces", request_body_bytes: 15, status: 200, response_body_bytes: 6, malformed: false },
    ]);
  });

  it("is one of several at once, which end in any order", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1, "/1"), GET(3, "/3"), GET(5, "/5")));
    connection.server(joined(headers(1, responseFields(200), false), headers(5, responseFields(404))));
    connection.server(joined(headers(3, responseFields(200), false), data(1, 10, false), data(3, 1), data(1, 5)));
    expect(
      bench
        .rows()
        .map((row) => [
          row["stream_id"],
          row["target"],
          row["status"],
          row["response_body_bytes"],
          row["request_number"],
        ]),
    ).toEqual([
      [5, "/5", 404, 0, 3],
      [3, "/3", 200, 1, 2],
      [1, "/1", 200, 15, 1],
    ]);
  });

  it("lists informational responses", () => {
    const { bench, connection } = connect();
    connection.client(headers(1, requestFields("POST", "/", ["expect", "100-continue"]), false));
    const hints = responseFields(103, ["server", "hints"], ["content-length", "9"]);
    connection.server(joined(headers(1, responseFields(100), false), headers(1, hints, false)));
    connection.client(data(1, 3));
    connection.server(OK(1));
    expect(bench.rows()).toMatchObject([
      {
        expects_continue: true,
        informational_statuses: [100, 103],
        status: 200,
        server: null,
        response_content_length: null,
        request_body_bytes: 3,
        malformed: false,
      },
    ]);
  });

  it("ends with trailers, of which the chosen fields are kept: gRPC's status", () => {
    const { bench, connection } = connect({ "http.response_headers": "grpc-status", "http.request_headers": "x-sum" });
    const request = requestFields(
      "POST",
      "/pkg.Service/Method",
      ["content-type", "application/grpc"],
      ["te", "trailers"],
    );
    connection.client(joined(headers(1, request, false), data(1, 9, false), headers(1, fields([["x-sum", "1"]]))));
    connection.server(joined(headers(1, responseFields(200), false), data(1, 7, false)));
    connection.server(
      headers(
        1,
        fields([
          ["grpc-status", "0"],
          ["content-length", "99"],
        ]),
      ),
    );
    expect(bench.rows()).toMatchObject([
      {
        target: "/pkg.Service/Method",
        request_headers: ["x-sum: 1"],
        request_body_bytes: 9,
        response_headers: ["grpc-status: 0"],
        response_content_length: null,
        response_body_bytes: 7,
        malformed: false,
      },
    ]);
  });

  it("is a tunnel's with the authority as its target (RFC 9113, section 8.5)", () => {
    const { bench, connection } = connect();
    connection.client(
      headers(
        1,
        fields([
          [":method", "CONNECT"],
          [":authority", "b.example:443"],
        ]),
        false,
      ),
    );
    connection.server(joined(headers(1, responseFields(200), false), data(1, 30)));
    expect(bench.rows()).toMatchObject([
      { method: "CONNECT", target: "b.example:443", host: "b.example:443", response_body_bytes: 30, malformed: false },
    ]);
  });

  it("that the server promises is a row of the client's too", () => {
    const { bench, connection } = connect();
    connection.client(GET(1, "/page"));
    connection.server(joined(promise(1, 2, requestFields("GET", "/style.css")), OK(1)));
    connection.server(joined(headers(2, responseFields(200), false), data(2, 8)));
    expect(bench.rows()).toMatchObject([
      { target: "/page", stream_id: 1, request_number: 1 },
      {
        target: "/style.css",
        stream_id: 2,
        request_number: 2,
        src_address: "192.0.2.1",
        dst_port: 8080,
        status: 200,
        request_body_bytes: 0,
        response_body_bytes: 8,
      },
    ]);
  });

  it("whose response ends before its request is a row then", () => {
    const { bench, connection } = connect();
    connection.client(joined(headers(1, requestFields("POST", "/"), false), data(1, 100, false)));
    connection.server(joined(headers(1, responseFields(413)), reset(1, 0)));
    connection.client(data(1, 50));
    expect(bench.finish()).toMatchObject([
      { status: 413, request_body_bytes: null, stream_error: null, incomplete: false },
    ]);
  });
});

describe("a stream that ends before its time", () => {
  it.each([
    ["client", 8, "CANCEL"],
    ["server", 7, "REFUSED_STREAM"],
    ["server", 0, "NO_ERROR"],
    ["server", 4711, 4711],
  ] as const)("is reset by the %s with code %d", (side, code, name) => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection[side](reset(1, code));
    connection.server(OK(1));
    expect(bench.finish()).toMatchObject([
      { state: "UNANSWERED", status: null, stream_error: name, incomplete: false },
    ]);
  });

  it("has its response so far, which is incomplete", () => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection.server(joined(headers(1, responseFields(200), false), data(1, 11, false), reset(1, 2)));
    expect(bench.rows()).toMatchObject([
      { state: "COMPLETE", status: 200, response_body_bytes: 11, stream_error: "INTERNAL_ERROR", incomplete: true },
    ]);
  });

  it("is one that the server does not handle any more, and those before it go on", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1, "/1"), GET(3, "/3"), GET(5, "/5")));
    connection.server(goAway(1, 0));
    connection.server(OK(1));
    expect(bench.finish()).toMatchObject([
      { target: "/3", state: "UNANSWERED", stream_error: "NO_ERROR" },
      { target: "/5", state: "UNANSWERED", stream_error: "NO_ERROR" },
      { target: "/1", state: "COMPLETE", stream_error: null },
    ]);
  });

  it("is not looked for by a GOAWAY that concerns no open stream, however many come", () => {
    const { bench, connection } = connect();
    for (let i = 0; i < 20; i++) connection.client(GET(i * 2 + 1, `/${i}`));
    const again = joined(...Array.from({ length: 500 }, (_, i) => goAway(2 ** 31 - 1 - i, 0)), goAway(37, 0));
    const values = vi.spyOn(Map.prototype, "values");
    connection.server(joined(again, ...Array.from({ length: 500 }, () => goAway(37, 0))));
    const walks = values.mock.calls.length;
    values.mockRestore();
    expect(walks).toBeLessThan(100);
    expect(bench.rows()).toMatchObject([{ target: "/19", state: "UNANSWERED", stream_error: "NO_ERROR" }]);
  });

  it("ends with the connection, and with the error that ended that", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1, "/1"), headers(3, requestFields("POST", "/3"), false), data(3, 4, false)));
    connection.server(joined(headers(1, responseFields(200), false), data(1, 6, false)));
    connection.client(goAway(0, 9));
    connection.close();
    expect(bench.rows()).toMatchObject([
      { target: "/1", state: "COMPLETE", response_body_bytes: 6, incomplete: true, stream_error: "COMPRESSION_ERROR" },
      { target: "/3", state: "UNANSWERED", request_body_bytes: null, stream_error: "COMPRESSION_ERROR" },
    ]);
  });

  it("has the bytes that came of a frame that breaks off", () => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection.server(joined(headers(1, responseFields(200), false), data(1, 1000).subarray(0, 409)));
    connection.serverSegment("", { flags: TcpFlag.Rst });
    expect(bench.rows()).toMatchObject([{ response_body_bytes: 400, incomplete: true, stream_error: null }]);
  });

  it("has the fields that came of a header that breaks off", () => {
    const { bench, connection } = connect();
    connection.client(headers(1, requestFields("GET", "/cut", ["user-agent", "u".repeat(60)])).subarray(0, 90));
    connection.close();
    expect(bench.rows()).toMatchObject([
      {
        state: "UNANSWERED",
        method: "GET",
        target: "/cut",
        user_agent: null,
        stream_id: 1,
        incomplete: true,
        malformed: false,
      },
    ]);
  });
});

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

  it("is recognised on a bound port by any settings of its server, such as gRPC's", () => {
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

  it("whose beginning was not seen is not recognised, by later settings neither", () => {
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

describe("credentials in HTTP/2", () => {
  const request = requestFields(
    "GET",
    "/x?token=secret&n=1",
    ["cookie", "session=secret"],
    ["authorization", "Bearer secret"],
    ["cookie", "theme=dark"],
    ["referer", "http://bob:secret@a/"],
  );
  const response = responseFields(302, ["set-cookie", "id=secret"], ["location", "/login?code=secret"]);
  const chosen = {
    "http.request_headers": "cookie,authorization",
    "http.response_headers": "set-cookie,location",
  };

  it("are replaced, and a cookie in several fields is one (RFC 9113, section 8.2.3)", () => {
    const { bench, connection } = connect(chosen);
    connection.client(headers(1, request));
    connection.server(headers(1, response));
    const rows = bench.rows();
    expect(rows).toMatchObject([
      {
        target: "/x?token=***&n=1",
        authorization_scheme: "Bearer",
        referrer: "http://***@a/",
        request_headers: ["authorization: ***", "cookie: ***"],
        location: "/login?code=***",
        response_headers: ["set-cookie: ***", "location: /login?code=***"],
        redacted: true,
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain("secret");
  });

  it("are kept where the user says so", () => {
    const { bench, connection } = connect({ ...chosen, "http.credentials": "true" });
    connection.client(headers(1, request));
    connection.server(headers(1, response));
    expect(bench.rows()).toMatchObject([
      {
        target: "/x?token=secret&n=1",
        request_headers: ["authorization: Bearer secret", "cookie: session=secret; theme=dark"],
        redacted: false,
      },
    ]);
  });

  it("are replaced in an authority too", () => {
    const { bench, connection } = connect();
    connection.client(
      headers(
        1,
        fields([
          [":method", "CONNECT"],
          [":authority", "bob:secret@b.example:443"],
        ]),
      ),
    );
    expect(bench.finish()).toMatchObject([{ host: "***@b.example:443", target: "***@b.example:443", redacted: true }]);
  });
});
