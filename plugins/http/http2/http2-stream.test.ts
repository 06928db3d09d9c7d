import { describe, expect, it } from "vitest";
import { connect, GET, OK, open } from "./testing/connection.js";
import {
  CLIENT_START,
  data,
  fields,
  headers,
  headersInPieces,
  joined,
  paddedData,
  promise,
  requestFields,
  reset,
  responseFields,
  SERVER_START,
} from "./testing/frames.js";

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

  it("is read from frames that are split anywhere, with padding, priority and continuations", () => {
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

  it("may be one of several at once, which end in any order", () => {
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

  it("of CONNECT has the authority as its target (RFC 9113, section 8.5)", () => {
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

  it("whose response ends before its request is a row at that point", () => {
    const { bench, connection } = connect();
    connection.client(joined(headers(1, requestFields("POST", "/"), false), data(1, 100, false)));
    connection.server(joined(headers(1, responseFields(413)), reset(1, 0)));
    connection.client(data(1, 50));
    expect(bench.finish()).toMatchObject([
      { status: 413, request_body_bytes: null, stream_error: null, incomplete: false },
    ]);
  });
});
