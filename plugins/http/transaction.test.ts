import { describe, expect, it } from "vitest";
import { connect, GET, lines, OK } from "./testing/connection.js";

describe("a request and its response", () => {
  it("are one row under the request's time, with the time between their headers", () => {
    const { bench, connection } = connect();
    connection.client(lines("GET /a?b=c HTTP/1.1", "Host: wireloom.example", "User-Agent: test/1"), { atSeconds: 1 });
    connection.server(OK("hello", "Content-Type: text/plain", "Server: s"), { atSeconds: 1.25 });
    expect(bench.rows()).toMatchObject([
      {
        state: "COMPLETE",
        time: "2026-01-01T00:00:01.000000000Z",
        latency: "0.250s",
        src_address: "192.0.2.1",
        src_port: 40000,
        dst_port: 80,
        frame_number: 4,
        response_frame: 5,
        request_number: 1,
        method: "GET",
        target: "/a?b=c",
        host: "wireloom.example",
        user_agent: "test/1",
        request_version: "HTTP/1.1",
        request_body_bytes: 0,
        status: 200,
        reason: "OK",
        response_content_type: "text/plain",
        response_content_length: 5,
        response_body_bytes: 5,
        server: "s",
        gap: false,
      },
    ]);
  });

  it("are read from pieces that end anywhere, and from lines that end with a line feed alone", () => {
    const { bench, connection } = connect();
    for (const piece of ["G", "ET / HT", "TP/1.1\r", "\nHost: a\r\n", "\r", "\n"]) connection.client(piece);
    connection.server("HTTP/1.1 404 Not Found\nContent-Length: 2\n\nno");
    expect(bench.rows()).toMatchObject([{ host: "a", status: 404, reason: "Not Found", response_body_bytes: 2 }]);
  });

  it("are paired in order where several requests are pipelined", () => {
    const { bench, connection } = connect();
    connection.client(["/1", "/2", "/3"].map((path) => lines(`GET ${path} HTTP/1.1`, "Host: a")).join(""));
    connection.server(OK("one") + OK("two!") + lines("HTTP/1.1 204 No Content"));
    expect(
      bench.rows().map((row) => [row["target"], row["status"], row["response_body_bytes"], row["request_number"]]),
    ).toEqual([
      ["/1", 200, 3, 1],
      ["/2", 200, 4, 2],
      ["/3", 204, 0, 3],
    ]);
  });

  it("are separate rows where the other one is missing", () => {
    const { bench, connection } = connect();
    connection.server(OK("x"));
    connection.client(GET);
    expect(bench.finish()).toMatchObject([
      { state: "UNSOLICITED", src_port: 40000, status: 200, method: null },
      { state: "UNANSWERED", method: "GET", status: null },
    ]);
  });

  it("list informational responses, which are not rows of their own", () => {
    const { bench, connection } = connect();
    connection.client(lines("POST / HTTP/1.1", "Expect: 100-continue", "Content-Length: 3"));
    connection.server(lines("HTTP/1.1 100 Continue") + lines("HTTP/1.1 103 Early Hints", "Link: x"));
    connection.client("abc");
    connection.server(OK("x"));
    expect(bench.rows()).toMatchObject([
      { expects_continue: true, informational_statuses: [100, 103], status: 200, request_body_bytes: 3 },
    ]);
  });
});

describe("after lost bytes", () => {
  it("the next message begins with a segment", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.clientSegment(lines("GET /later HTTP/1.1"), { offset: 500 });
    connection.server(OK("1"));
    expect(bench.finish()).toMatchObject([
      { request_number: 1, status: 200 },
      { request_number: 2, target: "/later", gap: true },
    ]);
  });

  it("a response to one of several requests is not paired where its request is not known", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.client(lines("GET /2 HTTP/1.1"));
    connection.serverSegment(OK("2"), { offset: 300 });
    expect(bench.finish()).toEqual([
      expect.objectContaining({ target: null, state: "UNSOLICITED", status: 200 }),
      expect.objectContaining({ target: "/2", state: "UNANSWERED", gap: true }),
      expect.objectContaining({ target: "/", state: "UNANSWERED", gap: true }),
    ]);
  });
});
