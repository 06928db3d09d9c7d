import { describe, expect, it } from "vitest";
import { FrameType } from "./frame.js";
import { connect, GET, OK } from "./testing/connection.js";
import {
  data,
  fields,
  frameOf,
  headers,
  joined,
  promise,
  requestFields,
  responseFields,
  settings,
  word,
} from "./testing/frames.js";

describe("a message that is not as HTTP/2 has it", () => {
  it.each([
    ["a name in upper case", requestFields("GET", "/", ["X-Upper", "1"])],
    ["a field of connections", requestFields("GET", "/", ["transfer-encoding", "chunked"])],
    ["a field TE with more than trailers (section 8.2.2)", requestFields("GET", "/", ["te", "trailers, deflate"])],
    [
      "a pseudo-header in upper case (section 8.2.1)",
      fields([
        [":method", "GET"],
        [":SCHEME", "http"],
        [":path", "/"],
      ]),
    ],
    ["an empty path (section 8.3.1)", requestFields("GET", "")],
    ["a pseudo-header after others", joined(requestFields("GET", "/", ["a", "b"]), fields([[":scheme", "http"]]))],
    ["a pseudo-header twice", joined(fields([[":path", "/"]]), requestFields("GET", "/"))],
    ["a pseudo-header of responses", joined(fields([[":status", "200"]]), requestFields("GET", "/"))],
    [
      "no path",
      fields([
        [":method", "GET"],
        [":scheme", "http"],
      ]),
    ],
    ["a line end in a value", requestFields("GET", "/", ["a", "b\r\nc: d"])],
    ["a length that is none", requestFields("GET", "/", ["content-length", "x"])],
    ["a length that its body has not (section 8.1.1)", requestFields("GET", "/", ["content-length", "5"])],
  ])("%s makes the row malformed", (_, block) => {
    const { bench, connection } = connect();
    connection.client(headers(1, block));
    connection.server(OK(1));
    expect(bench.rows()).toMatchObject([{ method: "GET", status: 200, malformed: true }]);
  });

  it.each([
    ["an empty method", requestFields("", "/")],
    [
      "CONNECT with a scheme (section 8.5)",
      fields([
        [":method", "CONNECT"],
        [":scheme", "http"],
        [":authority", "b.example:443"],
      ]),
    ],
    ["CONNECT with a path (section 8.5)", requestFields("CONNECT", "/")],
  ])("%s makes the row malformed, too", (_, block) => {
    const { bench, connection } = connect();
    connection.client(headers(1, block));
    expect(bench.finish()).toMatchObject([{ stream_id: 1, malformed: true }]);
  });

  it("CONNECT that names a protocol has a scheme and a path (RFC 8441, section 4)", () => {
    const { bench, connection } = connect();
    const protocol = fields([[":protocol", "websocket"]]);
    connection.client(headers(1, joined(protocol, requestFields("CONNECT", "/chat")), false));
    expect(bench.finish()).toMatchObject([{ method: "CONNECT", target: "/chat", malformed: false }]);
  });

  it("a response of status 101 makes the row malformed (section 8.6)", () => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection.server(joined(headers(1, responseFields(101), false), OK(1)));
    expect(bench.rows()).toMatchObject([{ informational_statuses: [101], status: 200, malformed: true }]);
  });

  it("a response's length is checked where it has a body", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1), headers(3, requestFields("HEAD", "/")), GET(5)));
    const long = responseFields(200, ["content-length", "10"]);
    connection.server(joined(headers(1, long, false), data(1, 9)));
    connection.server(joined(headers(3, long), headers(5, responseFields(304, ["content-length", "10"]))));
    expect(bench.rows().map((row) => [row["stream_id"], row["malformed"]])).toEqual([
      [1, true],
      [3, false],
      [5, false],
    ]);
  });

  it("data before a response's header is a row's that is malformed", () => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection.server(data(1, 5));
    expect(bench.rows()).toMatchObject([
      { state: "COMPLETE", status: null, response_body_bytes: 5, malformed: true, incomplete: true },
    ]);
  });

  it.each([
    ["a frame longer than is allowed", joined([0xff, 0xff, 0xff, 0, 0], word(1))],
    ["padding longer than its frame", frameOf(FrameType.Data, 8, 1, [9, 1, 1])],
    ["a continuation of nothing", frameOf(FrameType.Continuation, 4, 1, [0x88])],
    ["a block that goes on with another frame", joined(frameOf(FrameType.Headers, 0, 1, [0x88]), data(1, 1))],
    ["a reset of the connection's stream", frameOf(FrameType.RstStream, 0, 0, word(1))],
    ["settings of a broken length", frameOf(FrameType.Settings, 0, 0, [1, 2, 3])],
    ["a promise of stream 0 (section 6.6)", promise(1, 0, responseFields(200))],
    ["a promise of a client's stream (section 5.1.1)", promise(1, 3, responseFields(200))],
    ["a field block that is broken", headers(1, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))],
  ])("%s stops what can be known of the stream", (_, bytes) => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection.server(bytes);
    connection.close();
    const rows = bench.rows();
    expect(rows).toHaveLength(1);
    expect(rows).toMatchObject([{ target: "/", status: null }]);
  });

  it.each([1200, 20_000])("a block of one frame beyond 64 KiB is read up to there, in segments of %d bytes", (step) => {
    const { bench, connection } = connect();
    connection.server(settings([5, 200_000]));
    const long = Array.from({ length: 8 }, (_, i) => ["x", String(i).repeat(12_000)] as const);
    const bytes = joined(headers(1, requestFields("GET", "/long", ...long, ["y", "z"])), GET(3, "/next"));
    for (let at = 0; at < bytes.length; at += step) connection.client(bytes.subarray(at, at + step));
    connection.server(joined(OK(1), OK(3)));
    expect(bench.finish()).toMatchObject([
      { method: "GET", target: "/long", host: "a.example", status: 200, incomplete: true, malformed: false },
      { target: "/next", status: 200, incomplete: false },
    ]);
  });

  it("a block that has no end is given up", () => {
    const { bench, connection } = connect();
    connection.client(frameOf(FrameType.Headers, 1, 1, requestFields("GET", "/flood")));
    for (let i = 0; i < 8000; i++) connection.client(frameOf(FrameType.Continuation, 0, 1));
    connection.client(joined(frameOf(FrameType.Continuation, 4, 1), GET(3, "/next")));
    connection.server(joined(OK(1), OK(3)));
    expect(bench.finish()).toMatchObject([
      { target: "/flood", status: 200, incomplete: true },
      { target: "/next", status: 200, incomplete: false },
    ]);
  });
});
