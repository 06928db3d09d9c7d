import { describe, expect, it } from "vitest";
import { connect, GET, lines, OK } from "./testing/connection.js";

describe("a header that breaks off", () => {
  it("with the connection is read up to its last complete line", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server("HTTP/1.1 200 OK\r\nServer: s\r\nContent-Ty");
    connection.close();
    expect(bench.finish()).toMatchObject([
      { state: "COMPLETE", status: 200, server: "s", incomplete: true, malformed: false, response_content_type: null },
    ]);
  });

  it("because the capture cut it is read up to its last complete line", () => {
    const { bench, connection } = connect();
    const cut = (text: string) => ({ capturedBytes: 14 + 20 + 20 + text.length });
    connection.client(
      lines("GET /1 HTTP/1.1", "Host: a", "User-Agent: long"),
      cut("GET /1 HTTP/1.1\r\nHost: a\r\nUser-"),
    );
    connection.server(lines("HTTP/1.1 200 OK", "Server: s", "X: y"), cut("HTTP/1.1 200 OK\r\nServer: s\r\n"));
    connection.client(lines("GET /2 HTTP/1.1"));
    connection.server(OK("x"));
    expect(bench.finish()).toMatchObject([
      { target: "/1", host: "a", user_agent: null, status: 200, server: "s", incomplete: true, truncated: true },
      { target: "/2", status: 200, incomplete: false },
    ]);
  });

  it("because bytes of it were lost is read up to its last complete line", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server("HTTP/1.1 200 OK\r\nServer: s\r\n");
    connection.serverLost(100);
    connection.client(lines("GET /2 HTTP/1.1"));
    connection.server(OK("x"));
    expect(bench.finish()).toMatchObject([
      { target: "/", status: 200, server: "s", incomplete: true, gap: true },
      { target: "/2", status: 200, gap: false },
    ]);
  });
});
