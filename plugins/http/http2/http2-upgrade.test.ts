import { describe, expect, it } from "vitest";
import { ascii } from "../ascii.js";
import { GET, OK, open } from "./connection-fixture.js";
import { CLIENT_START, data, headers, joined, responseFields, SERVER_START } from "./frames-fixture.js";

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

  it("whose request was not seen is a response of nobody, and goes on", () => {
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
