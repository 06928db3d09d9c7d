import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { TcpFlag } from "../../runtime/packet/tcp-flag.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";

const http = findPlugin(registry.plugins, "http");
const flow = findPlugin(registry.plugins, "flow");

/** An opened connection to port 80. */
function connect(settings: Record<string, string> = {}) {
  const bench = DecoderBench.configured({ settings }, http);
  const connection = new TcpConversation(bench, { serverPort: 80 });
  connection.open({ atSeconds: 0 });
  return { bench, connection };
}

const lines = (...parts: string[]) => `${parts.join("\r\n")}\r\n\r\n`;
const GET = lines("GET / HTTP/1.1", "Host: a");
const OK = (body: string, ...fields: string[]) =>
  lines("HTTP/1.1 200 OK", `Content-Length: ${body.length}`, ...fields) + body;

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

  it("are paired in order where several requests go ahead", () => {
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

  it("are rows by themselves where the other one is missing", () => {
    const { bench, connection } = connect();
    connection.server(OK("x"));
    connection.client(GET);
    expect(bench.finish()).toMatchObject([
      { state: "UNSOLICITED", src_port: 40000, status: 200, method: null },
      { state: "UNANSWERED", method: "GET", status: null },
    ]);
  });

  it("list informational responses, which are none of their own", () => {
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

describe("a body", () => {
  it("ends with its chunks, whose framing is not counted", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server(`${lines("HTTP/1.1 200 OK", "Transfer-Encoding: gzip, Chunked")}5;x=y\r\nhello\r\n`);
    connection.server("A\r\n01234");
    expect(bench.rows()).toEqual([]);
    connection.server(`56789\r\n0\r\nTrailer: t\r\n\r\n${OK("next")}`);
    expect(bench.rows()).toMatchObject([
      { response_body_bytes: 15, transfer_encoding: "gzip, Chunked", malformed: false },
      { state: "UNSOLICITED", response_body_bytes: 4 },
    ]);
  });

  it("ends with the connection where nothing else tells", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server(`${lines("HTTP/1.0 200 OK")}until `);
    connection.server("the end");
    expect(bench.rows()).toEqual([]);
    connection.serverSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
    expect(bench.rows()).toMatchObject([{ response_body_bytes: 13, incomplete: false }]);
  });

  it("is not there in answer to HEAD, and with 204 and 304", () => {
    const { bench, connection } = connect();
    connection.client(lines("HEAD / HTTP/1.1") + GET + GET);
    connection.server(lines("HTTP/1.1 200 OK", "Content-Length: 1000"));
    connection.server(lines("HTTP/1.1 304 Not Modified", "Content-Length: 1000") + OK("abc"));
    expect(bench.rows().map((row) => [row["response_content_length"], row["response_body_bytes"]])).toEqual([
      [1000, 0],
      [1000, 0],
      [3, 3],
    ]);
  });

  it("that breaks off is told as long as it came", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server(`${lines("HTTP/1.1 200 OK", "Content-Length: 1000")}${"x".repeat(400)}`);
    connection.serverSegment("", { flags: TcpFlag.Rst });
    expect(bench.rows()).toMatchObject([{ response_body_bytes: 400, incomplete: true }]);
  });

  it("may lose bytes in its middle and still ends where it ends", () => {
    const { bench, connection } = connect();
    connection.client(GET + GET);
    connection.server(lines("HTTP/1.1 200 OK", "Content-Length: 3000"));
    connection.server("x".repeat(1000));
    connection.serverSegment(`${"x".repeat(1000)}`, { offset: 1000 });
    connection.serverSegment(OK("abc"), { offset: 2000 });
    expect(bench.finish()).toMatchObject([
      { response_body_bytes: 3000, incomplete: false },
      { response_body_bytes: 3, state: "COMPLETE", request_number: 2 },
    ]);
  });

  it.each([
    ["a chunk size that is none", "xyz\r\n"],
    ["a chunk that is longer than its size", "3\r\nabcd\r\n"],
    ["a chunk size beyond reason", "fffffffffffff\r\n"],
  ])("with %s makes the row malformed", (_, body) => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server(lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + body);
    expect(bench.rows()).toMatchObject([{ malformed: true }]);
  });

  it.each(["12x", "-1", "1, 2", "99999999999999999999"])("whose length is %s continues to the end", (length) => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server(`${lines("HTTP/1.1 200 OK", `Content-Length: ${length}`)}abc`);
    connection.serverSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
    expect(bench.rows()).toMatchObject([{ response_content_length: null, response_body_bytes: 3 }]);
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

  it("a response to one of several requests is not paired where it is not known to which one", () => {
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

describe("a connection", () => {
  it("is another protocol's after it switched to that", () => {
    const { bench, connection } = connect();
    connection.client(lines("GET / HTTP/1.1", "Upgrade: websocket"));
    connection.server(lines("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket"));
    // A masked text frame (RFC 6455, section 5.7), and requests inside others.
    connection.client(Uint8Array.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58));
    connection.server(`\x81\x20${GET}`);
    connection.server(`\x81\x20${OK("")}`);
    expect(bench.finish()).toMatchObject([{ status: 101, upgrade: "websocket" }]);
  });

  it("carries another one as a tunnel, whose requests are rows too", () => {
    const { bench, connection } = connect();
    connection.client(lines("CONNECT a:443 HTTP/1.1"));
    connection.server(lines("HTTP/1.1 200 Connection established"));
    connection.client(GET);
    connection.server(OK("hello"));
    expect(bench.finish()).toMatchObject([
      { method: "CONNECT", target: "a:443", status: 200, state: "COMPLETE" },
      { method: "GET", target: "/", response_body_bytes: 5, state: "COMPLETE" },
    ]);
  });

  it("is not a tunnel where CONNECT was refused", () => {
    const { bench, connection } = connect();
    connection.client(lines("CONNECT a:443 HTTP/1.1"));
    connection.server(lines("HTTP/1.1 403 Forbidden", "Content-Length: 0"));
    connection.client(GET);
    connection.server(OK(""));
    expect(bench.finish()).toMatchObject([
      { request_number: 1, status: 403 },
      { request_number: 2, status: 200 },
    ]);
  });

  it("has no rows of what a tunnel carries that nobody knows, whatever is lost of it", () => {
    const { bench, connection } = connect();
    connection.client(lines("CONNECT a:22 HTTP/1.1"));
    connection.server(`${lines("HTTP/1.1 200 OK")}SSH-2.0-OpenSSH_9.2\r\n`);
    connection.client("SSH-2.0-OpenSSH_9.2\r\n");
    connection.serverLost(100);
    connection.client("\0\0\0\x0c");
    connection.server("HTTP/1.1 200");
    connection.close();
    expect(bench.finish()).toMatchObject([{ method: "CONNECT", status: 200 }]);
  });

  it("of another protocol is not HTTP's", () => {
    const { bench, connection } = connect();
    connection.client("SSH-2.0-OpenSSH_9.2\r\n");
    expect(bench.finish()).toEqual([]);
    expect(bench.counters().notMine).toBe(1);
  });

  it("of another protocol has the response of a server that does not know it", () => {
    for (const sent of ["\x16\x03\x01\x00\x05hello", "EHLO a.example\r\n", "GET / HTTP/9.9.9\r\n\r\n"]) {
      const bench = new DecoderBench(http, flow);
      const connection = new TcpConversation(bench, { serverPort: 80 });
      connection.open();
      connection.client(sent);
      connection.server(`${lines("HTTP/1.1 400 Bad Request", "Content-Length: 3", "Connection: close")}bad`);
      connection.close();
      expect(bench.rows("http")).toMatchObject([
        {
          state: "UNSOLICITED",
          status: 400,
          reason: "Bad Request",
          src_port: 40000,
          method: null,
          response_body_bytes: 3,
        },
      ]);
      expect(bench.finish("flow")).toMatchObject([{ application: "http" }]);
    }
  });

  it("on another port is recognised, and its flow says so", () => {
    const bench = new DecoderBench(http, flow);
    const connection = new TcpConversation(bench, { serverPort: 12345 });
    connection.open();
    connection.client(GET);
    connection.server(OK("x"));
    expect(bench.rows("http")).toHaveLength(1);
    expect(bench.finish("flow")).toMatchObject([{ application: "http" }]);
  });

  it("with an endless header is given up", () => {
    const { bench, connection } = connect();
    connection.client("GET / HTTP/1.1\r\n");
    for (let i = 0; i < 60; i++) connection.client(`X: ${"y".repeat(1200)}\r\n`);
    expect(bench.finish()).toEqual([]);
    expect(bench.counters().malformed).toBe(1);
  });
});

describe("a request without a version", () => {
  it.each([["GET /page\r\n"], ["GET /page\n"], ["GET /page\r\n\r\n"], ["GET /page \r\n"]])(
    "and without a header is HTTP/0.9, whose response is what comes until the end (RFC 1945, section 4.1): %j",
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

  it("may be answered in a later version", () => {
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

  it("but with a header is read as any other", () => {
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

  it("without a response is not answered", () => {
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

  it("is not taken for one on an unbound port where more than its line is there", () => {
    for (const request of ["POST /page\r\n", "GET /page\r\nmore", "GET /page"]) {
      const bench = new DecoderBench(http);
      const connection = new TcpConversation(bench, { serverPort: 12345 });
      connection.open();
      connection.client(request);
      expect(bench.finish()).toEqual([]);
    }
  });
});

describe("after a final response to Expect: 100-continue (RFC 9110, section 10.1.1)", () => {
  const POST = lines("POST /up HTTP/1.1", "Expect: 100-continue", "Content-Length: 40");
  const refused = (...informational: string[]) => {
    const { bench, connection } = connect();
    connection.client(POST);
    connection.server([...informational, lines("HTTP/1.1 417 Expectation Failed", "Content-Length: 0")].join(""));
    return { bench, connection };
  };
  const body = "0123456789".repeat(4);

  it("the client may send a new request, however it is cut", () => {
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

  it("the client may send the body all the same, and then a request", () => {
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

  it("a body that was begun, or asked for with 100, is not looked at", () => {
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

  it("a chunked body may be left out too", () => {
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

describe("credentials", () => {
  const request = lines(
    "GET http://bob:builder@a/?user=x&PASSWORD=secret&n=1#access_token=frag HTTP/1.1",
    "Authorization: Basic Ym9iOmJ1aWxkZXI=",
    "Cookie: session=secret",
    "Referer: http://a/?token=secret",
  );
  const response = OK("x", "Set-Cookie: session=secret", "Location: //eve:evil@b/?api_key=secret&x=y");
  const headers = { "http.request_headers": "cookie, Authorization", "http.response_headers": "set-cookie,location" };

  it("are replaced wherever they stand", () => {
    const { bench, connection } = connect(headers);
    connection.client(request);
    connection.server(response);
    const rows = bench.rows();
    expect(rows).toMatchObject([
      {
        target: "http://***@a/?user=x&PASSWORD=***&n=1#access_token=***",
        authorization_scheme: "Basic",
        referrer: "http://a/?token=***",
        request_headers: ["Authorization: ***", "Cookie: ***"],
        location: "//***@b/?api_key=***&x=y",
        response_headers: ["Set-Cookie: ***", "Location: //***@b/?api_key=***&x=y"],
        redacted: true,
      },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/secret|builder|evil|frag|Ym9i/);
  });

  it("are kept where the user says so", () => {
    const { bench, connection } = connect({ ...headers, "http.credentials": "true" });
    connection.client(request);
    connection.server(response);
    expect(bench.rows()).toMatchObject([
      {
        request_headers: ["Authorization: Basic Ym9iOmJ1aWxkZXI=", "Cookie: session=secret"],
        referrer: "http://a/?token=secret",
        redacted: false,
      },
    ]);
  });

  it("of a scheme without a name are not taken for the name", () => {
    const { bench, connection } = connect();
    connection.client(lines("GET / HTTP/1.1", "Authorization: lone-token"));
    expect(bench.finish()).toMatchObject([{ authorization_scheme: null, redacted: true }]);
  });
});

it("hides user information in Host and in the target of CONNECT", () => {
  const { bench, connection } = connect();
  connection.client(lines("CONNECT bob:secret@a.example:443 HTTP/1.1", "Host: bob:secret@a.example"));
  expect(bench.finish()).toMatchObject([{ target: "***@a.example:443", host: "***@a.example", redacted: true }]);
});

it("replaces bytes that are not UTF-8, so that a collector takes the row", () => {
  const { bench, connection } = connect();
  connection.client(lines("GET /\xe9 HTTP/1.1", "User-Agent: caf\xc3\xa9 \xff"));
  connection.server(`${lines("HTTP/1.1 200 OK", "Server: \xfc", "Connection: close")}body`);
  connection.serverSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
  expect(bench.rows()).toMatchObject([{ target: "/?", user_agent: "café ?", server: "?", response_body_bytes: 4 }]);
});

describe("any bytes", () => {
  const fragments = fc.constantFrom(
    "GET / HTTP/1.1\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 101 X\r\n",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "\r\n",
    "\n",
    "5\r\nhello\r\n",
    "0\r\n\r\n",
    "hello",
    "Location: http://a:b@c/?token=1&",
  );
  const piece = fc.record({
    isFromServer: fc.boolean(),
    bytes: fc.oneof(
      fragments.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 40 }).map(Buffer.from),
    ),
    offset: fc.option(fc.integer({ min: -20, max: 40 }), { nil: undefined, freq: 5 }),
  });

  it("give rows or none, never an error, and no body is longer than what was sent and lost", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { bench, connection } = connect();
        for (const { isFromServer, bytes, offset } of pieces) {
          const options = offset === undefined ? {} : { offset };
          if (isFromServer) connection.serverSegment(bytes, options);
          else connection.clientSegment(bytes, options);
        }
        for (const row of bench.finish()) {
          expect(Number(row["response_body_bytes"])).toBeGreaterThanOrEqual(0);
          expect(Number(row["response_body_bytes"])).toBeLessThan(4000);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("what is not as the format has it", () => {
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
  ])("the status line %s, which clients take for one", (line) => {
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

  it("a header field in several lines, which is one with spaces between (RFC 9112, section 5.2)", () => {
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

  it("a length of many digits, which is what it says (RFC 9110, section 8.6)", () => {
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
    "a request's length %s, with which the framing is broken",
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

  it("spaces around the target, which are left out (RFC 9112, section 3)", () => {
    expect(rowsOf(lines("GET   /x y   HTTP/1.1"), OK(""))).toMatchObject([{ target: "/x y" }]);
  });
});

describe("a header that breaks off", () => {
  it("with the connection is read as far as it goes", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server("HTTP/1.1 200 OK\r\nServer: s\r\nContent-Ty");
    connection.close();
    expect(bench.finish()).toMatchObject([
      { state: "COMPLETE", status: 200, server: "s", incomplete: true, malformed: false, response_content_type: null },
    ]);
  });

  it("because the capture cut it is read as far as it goes", () => {
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

  it("because bytes of it were lost is read as far as it goes", () => {
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
