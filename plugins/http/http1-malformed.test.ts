import { describe, expect, it } from "vitest";
import { connect, GET, lines, OK } from "./testing/connection.js";

describe("messages that deviate from the format", () => {
  const rowsOf = (request: string, response: string, close = true) => {
    const { bench, connection } = connect({ "http.request_headers": "x-note" });
    connection.client(request);
    connection.server(response);
    if (close) connection.close();
    return bench.finish();
  };

  it.each([
    "http/1.1 200 OK",
    "HTTP/1.1  200 OK",
    "HTTP/1.10 200 OK",
    "ICY 200 OK",
    "HTTP/1.1 0200 OK",
    "HTTP/1.1\t200 OK",
  ])("the status line %s, which clients accept", (line) => {
    expect(rowsOf(GET, lines(line, "Content-Length: 0"))).toMatchObject([
      { state: "COMPLETE", status: 200, malformed: true },
    ]);
  });

  it.each(["HTTP/1.1200 OK", "HTTP/1 200 OK", "HTTX/1.1 200 OK", "ICY OK"])(
    "the line %s, which is not a status line",
    (line) => {
      expect(rowsOf(GET, lines(line, "Content-Length: 0"))).toMatchObject([{ state: "UNANSWERED", status: null }]);
    },
  );

  it("a header field in several lines, which is joined with spaces (RFC 9112, section 5.2)", () => {
    const request = lines(
      "POST / HTTP/1.1",
      "User-Agent: one",
      "\ttwo ",
      "  three",
      "X-Note: a",
      " b",
      "Transfer-Encoding:",
      " chunked",
    );
    const { bench, connection } = connect({ "http.request_headers": "x-note" });
    connection.client(`${request}3\r\nabc\r\n0\r\n\r\n`);
    connection.server(OK(""));
    connection.client(GET);
    connection.server(OK("x"));
    expect(bench.finish()).toMatchObject([
      { user_agent: "one two three", request_headers: ["X-Note: a b"], request_body_bytes: 3, malformed: false },
      { target: "/", status: 200, response_body_bytes: 1 },
    ]);
  });

  it("a length with leading zeros, which do not change its value (RFC 9110, section 8.6)", () => {
    const { bench, connection } = connect();
    connection.client(
      `${lines("POST /a HTTP/1.1", "Content-Length: 0000000000000000000005")}XXXXX${lines("GET /b HTTP/1.1")}`,
    );
    connection.server(OK("1") + OK("2"));
    expect(bench.finish()).toMatchObject([
      { target: "/a", request_body_bytes: 5, malformed: false },
      { target: "/b", status: 200 },
    ]);
  });

  it.each(["-1", "+5", "18446744073709551615", "5, 6", "5x"])(
    "a request's length %s, which breaks the framing",
    (length) => {
      const { bench, connection } = connect();
      connection.client(`${lines("POST /a HTTP/1.1", `Content-Length: ${length}`)}XXXXX`);
      connection.server(lines("HTTP/1.1 400 Bad Request", "Content-Length: 0"));
      connection.client(lines("GET /b HTTP/1.1"));
      connection.server(OK("2"));
      expect(bench.finish()).toMatchObject([
        { target: "/a", status: 400, malformed: true },
        { target: "/b", status: 200, malformed: false },
      ]);
    },
  );

  it("a space before a field's colon", () => {
    expect(rowsOf(GET, `${lines("HTTP/1.1 200 OK", "Content-Length : 5")}hello${OK("")}`)).toMatchObject([
      { response_body_bytes: 5, malformed: true },
      { state: "UNSOLICITED" },
    ]);
  });

  it("spaces around the target, which are removed (RFC 9112, section 3)", () => {
    expect(rowsOf(lines("GET   /x y   HTTP/1.1"), OK(""))).toMatchObject([{ target: "/x y" }]);
  });
});
