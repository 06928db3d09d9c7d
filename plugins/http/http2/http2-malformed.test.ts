import { describe, expect, it } from "vitest";
import { connect, GET, OK } from "./connection-fixture.js";
import { FrameType } from "./frame.js";
import {
  data,
  fields,
  frameOf,
  headers,
  joined,
  promise,
  requestFields,
  responseFields,
  word,
} from "./frames-fixture.js";

describe("a message that is not as HTTP/2 has it", () => {
  it.each([
    ["a name in upper case", requestFields("GET", "/", ["X-Upper", "1"])],
    ["a field of connections", requestFields("GET", "/", ["transfer-encoding", "chunked"])],
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
