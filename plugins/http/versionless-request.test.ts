import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { connect, GET, http, lines, OK } from "./testing/connection.js";

describe("a request without a version", () => {
  it.each([["GET /page\r\n"], ["GET /page\n"], ["GET /page\r\n\r\n"], ["GET /page \r\n"]])(
    "and without a header is HTTP/0.9, whose response is all bytes until the end (RFC 1945, section 4.1): %j",
    (request) => {
      for (const serverPort of [80, 12345]) {
        const bench = new DecoderBench(http);
        const connection = new TcpConversation(bench, { serverPort });
        connection.open();
        connection.client(request, { atSeconds: 1 });
        connection.server("\r\n<html>", { atSeconds: 1.5 });
        connection.server("</html>");
        connection.close();
        expect(bench.rows()).toMatchObject([
          {
            state: "COMPLETE",
            latency: "0.500s",
            method: "GET",
            target: "/page",
            host: null,
            request_version: "HTTP/0.9",
            request_body_bytes: 0,
            status: null,
            response_version: "HTTP/0.9",
            response_frame: 5,
            response_body_bytes: 15,
            incomplete: false,
          },
        ]);
      }
    },
  );

  it("may get a response of a later version", () => {
    const { bench, connection } = connect();
    connection.client("GET /page\r\n");
    connection.server(lines("HTTP/1.1 400 Bad Request", "Content-Length: 0"));
    connection.client("Host: a\r\n\r\n");
    connection.client(GET);
    connection.server(OK("x"));
    expect(bench.finish()).toMatchObject([
      { request_version: "HTTP/0.9", status: 400, response_version: "HTTP/1.1" },
      { target: "/", status: 200, request_number: 2 },
    ]);
  });

  it("but with a header is read as any other request", () => {
    const { bench, connection } = connect();
    connection.client("GET /page?token=secret\r\nHost: a");
    connection.client("\r\nUser-Agent: u\r\n\r\n");
    connection.server(OK("hello"));
    expect(bench.rows()).toMatchObject([
      {
        target: "/page?token=***",
        host: "a",
        user_agent: "u",
        request_version: null,
        status: 200,
        response_body_bytes: 5,
      },
    ]);
  });

  it("without a response is unanswered", () => {
    const { bench, connection } = connect();
    connection.client("GET /page\r\n");
    connection.close();
    expect(bench.finish()).toMatchObject([
      { state: "UNANSWERED", request_version: "HTTP/0.9", response_version: null },
    ]);
  });

  it.each([
    "get /page\r\n",
    "GET page\r\n",
    "GET\r\n",
    "GET /a page\r\n\r\n",
    "GE /page\r\n\r\n",
    "GET /page\r\nno field\r\n\r\n",
    "GET /\x01\r\n\r\n",
    "GET / HTTP/2.0\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
  ])("is not %j", (request) => {
    const { bench, connection } = connect();
    connection.client(request);
    connection.server("<html></html>");
    connection.close();
    expect(bench.finish()).toEqual([]);
  });

  it("is not treated as one on an unbound port where more than its line is there", () => {
    for (const request of ["POST /page\r\n", "GET /page\r\nmore", "GET /page"]) {
      const bench = new DecoderBench(http);
      const connection = new TcpConversation(bench, { serverPort: 12345 });
      connection.open();
      connection.client(request);
      expect(bench.finish()).toEqual([]);
    }
  });
});
