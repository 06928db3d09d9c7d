import { describe, expect, it } from "vitest";
import { ascii } from "../../../runtime/plugin/index.js";

import { GET, OK, open } from "./testing/connection.js";
import { CLIENT_START, data, headers, joined, responseFields, SERVER_START } from "./testing/frames.js";

describe("Upgrade: h2c (RFC 7540, section 3.2)", () => {
  const lines = (...parts: string[]) => ascii(`${parts.join("\r\n")}\r\n\r\n`);
  const upgrade = (method: string, ...more: string[]) =>
    lines(
      `${method} /up HTTP/1.1`,
      "Host: a",
      "Connection: Upgrade, HTTP2-Settings",
      "Upgrade: h2c",
      "HTTP2-Settings: AAMAAABk",
      ...more,
    );
  const switching = lines("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: h2c", "Server: proxy");

  it("is one row with the response on stream 1", () => {
    const { bench, connection } = open();
    connection.client(upgrade("GET"), { atSeconds: 1 });
    connection.server(joined(switching, SERVER_START), { atSeconds: 1.5 });
    connection.client(joined(CLIENT_START, GET(3, "/3")));
    connection.server(joined(headers(1, responseFields(200), false), data(1, 12), OK(3)), { atSeconds: 2 });
    expect(bench.rows()).toMatchObject([
      {
        request_version: "HTTP/1.1",
        response_version: "HTTP/2",
        target: "/up",
        status: 200,
        reason: null,
        server: null,
        informational_statuses: [101],
        upgrade: "h2c",
        stream_id: 1,
        request_number: 1,
        latency: "1s",
        request_body_bytes: 0,
        response_body_bytes: 12,
        state: "COMPLETE",
      },
      { request_version: "HTTP/2", target: "/3", stream_id: 3, request_number: 2, upgrade: null },
    ]);
  });

  it("keeps the request's body", () => {
    const { bench, connection } = open();
    connection.client(joined(upgrade("POST", "Content-Length: 5"), ascii("hello")));
    connection.server(switching);
    connection.client(CLIENT_START);
    connection.server(joined(SERVER_START, OK(1)));
    expect(bench.rows()).toMatchObject([{ method: "POST", request_body_bytes: 5, malformed: false, stream_id: 1 }]);
  });

  describe("whose body comes after the response of status 101", () => {
    const POST = upgrade("POST", "Content-Length: 10");
    const answers = joined(SERVER_START, OK(1), OK(3));
    const rows = (bodyBytes: number | null) => [
      { stream_id: 1, method: "POST", target: "/up", request_body_bytes: bodyBytes, status: 200, malformed: false },
      { stream_id: 3, state: "COMPLETE", target: "/3", request_number: 2, incomplete: false },
    ];

    it.each([
      ["in one segment with the preface", [joined(ascii("world"), CLIENT_START, GET(3, "/3"))]],
      ["in segments of its own", [ascii("wor"), ascii("ld"), joined(CLIENT_START, GET(3, "/3"))]],
      ["byte by byte", [...joined(ascii("world"), CLIENT_START, GET(3, "/3"))].map((byte) => Uint8Array.of(byte))],
    ])("ends in HTTP/1.1: %s", (_, rest) => {
      const { bench, connection } = open();
      connection.client(joined(POST, ascii("hello")));
      connection.server(switching);
      for (const bytes of rest) connection.client(bytes);
      connection.server(answers);
      expect(bench.finish()).toMatchObject(rows(10));
    });

    it("ends with its chunks", () => {
      const { bench, connection } = open();
      connection.client(joined(upgrade("POST", "Transfer-Encoding: chunked"), ascii("5\r\nhel")));
      connection.server(switching);
      connection.client(joined(ascii("lo\r\n0\r\n\r\n"), CLIENT_START, GET(3, "/3")));
      connection.server(answers);
      expect(bench.finish()).toMatchObject(rows(5));
    });

    it("may be omitted where the client waited for 100", () => {
      const { bench, connection } = open();
      connection.client(upgrade("POST", "Content-Length: 10", "Expect: 100-continue"));
      connection.server(switching);
      connection.client(joined(CLIENT_START, GET(3, "/3")));
      connection.server(answers);
      expect(bench.finish()).toMatchObject(rows(null));
    });

    it("is counted where it is lost, and HTTP/2 follows", () => {
      const { bench, connection } = open();
      connection.client(joined(POST, ascii("hello")));
      connection.server(switching);
      connection.clientLost(5);
      connection.client(joined(CLIENT_START, GET(3, "/3")));
      connection.server(answers);
      expect(bench.finish()).toMatchObject([{ ...rows(10)[0], request_body_missed_bytes: 5 }, rows(10)[1]]);
    });

    it("is not known where more than it is lost", () => {
      const { bench, connection } = open();
      connection.client(joined(POST, ascii("hello")));
      connection.server(switching);
      connection.clientLost(5 + CLIENT_START.length);
      connection.client(GET(3, "/3"));
      connection.server(answers);
      expect(bench.finish()).toMatchObject(rows(null));
    });
  });

  it("of HEAD has a response without a body, whatever its length says", () => {
    const { bench, connection } = open();
    connection.client(upgrade("HEAD"));
    connection.server(joined(switching, SERVER_START));
    connection.client(CLIENT_START);
    connection.server(headers(1, responseFields(200, ["content-length", "10"])));
    expect(bench.rows()).toMatchObject([
      { method: "HEAD", status: 200, response_content_length: 10, response_body_bytes: 0, malformed: false },
    ]);
  });

  it("without a response is not answered", () => {
    const { bench, connection } = open();
    connection.client(upgrade("GET"));
    connection.server(joined(switching, SERVER_START));
    connection.close();
    expect(bench.finish()).toMatchObject([
      { state: "UNANSWERED", status: null, informational_statuses: [101], stream_id: 1 },
    ]);
  });

  it("that was refused stays HTTP/1", () => {
    const { bench, connection } = open();
    connection.client(upgrade("GET"));
    connection.server(lines("HTTP/1.1 200 OK", "Content-Length: 0"));
    connection.client(upgrade("GET"));
    connection.server(lines("HTTP/1.1 204 No Content"));
    expect(bench.rows()).toMatchObject([
      { status: 200, stream_id: null, response_version: "HTTP/1.1" },
      { status: 204, stream_id: null },
    ]);
  });

  it("whose request was not seen is a response without a request, and continues", () => {
    const { bench, connection } = open();
    connection.server(joined(switching, SERVER_START, OK(1)));
    connection.client(joined(CLIENT_START, GET(3)));
    connection.server(OK(3));
    expect(bench.rows()).toMatchObject([
      { state: "UNSOLICITED", status: 101 },
      { state: "UNSOLICITED", status: 200, stream_id: 1 },
      { state: "COMPLETE", stream_id: 3, incomplete: false },
    ]);
  });
});
