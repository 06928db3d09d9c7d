import { describe, expect, it } from "vitest";
import { connect, lines, OK } from "./testing/connection.js";

describe("after a final response to Expect: 100-continue (RFC 9110, section 10.1.1)", () => {
  const POST = lines("POST /up HTTP/1.1", "Expect: 100-continue", "Content-Length: 40");
  const refused = (...informational: string[]) => {
    const { bench, connection } = connect();
    connection.client(POST);
    connection.server([...informational, lines("HTTP/1.1 417 Expectation Failed", "Content-Length: 0")].join(""));
    return { bench, connection };
  };
  const body = "0123456789".repeat(4);

  it("the client may send a new request, however it is split", () => {
    for (const pieces of [[lines("GET /next HTTP/1.1")], ["GE", "T /next HT", "TP/1.1\r\n\r\n"]]) {
      const { bench, connection } = refused();
      for (const piece of pieces) connection.client(piece);
      connection.server(OK("x"));
      expect(bench.finish()).toMatchObject([
        { target: "/up", status: 417, request_body_bytes: null },
        { target: "/next", status: 200, request_number: 2 },
      ]);
    }
  });

  it("the client may still send the body, and then a request", () => {
    for (const text of [body, "abcd".repeat(10), `GET / ${"x".repeat(34)}`, `\nGET / HTTP/1.1\r\n${"x".repeat(23)}`]) {
      const { bench, connection } = refused();
      connection.client(text.slice(0, 17));
      connection.client(text.slice(17) + lines("GET /next HTTP/1.1"));
      connection.server(OK("x"));
      expect(bench.finish()).toMatchObject([
        { target: "/up", status: 417 },
        { target: "/next", status: 200, request_number: 2 },
      ]);
    }
  });

  it("a body that was begun, or requested with 100, is not searched for a request", () => {
    const asked = refused(lines("HTTP/1.1 100 Continue"));
    const begun = connect();
    begun.connection.client(`${POST}0`);
    begun.connection.server(lines("HTTP/1.1 417 Expectation Failed", "Content-Length: 0"));
    for (const { bench, connection } of [asked, begun]) {
      connection.client(lines("GET /smuggled HTTP/1.1", "X: 1234567890123456789"));
      connection.server(OK("x"));
      expect(bench.finish().map((row) => row["target"])).not.toContain("/smuggled");
    }
  });

  it("a chunked body may be omitted too", () => {
    const { bench, connection } = connect();
    connection.client(lines("POST /up HTTP/1.1", "Expect: 100-continue", "Transfer-Encoding: chunked"));
    connection.server(lines("HTTP/1.1 401 Unauthorized", "Content-Length: 0"));
    connection.client(lines("POST /up HTTP/1.1", "Authorization: Basic eA==", "Transfer-Encoding: chunked"));
    connection.client("3\r\nabc\r\n0\r\n\r\n");
    connection.server(OK("x"));
    expect(bench.finish()).toMatchObject([
      { status: 401 },
      { status: 200, request_body_bytes: 3, authorization_scheme: "Basic" },
    ]);
  });
});
