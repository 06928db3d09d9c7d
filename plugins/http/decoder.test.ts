import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { TcpFlag } from "../../runtime/plugin/index.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { connect, GET, http, lines, OK } from "./testing/connection.js";

const flow = findPlugin(registry.plugins, "flow");

describe("a connection", () => {
  it("belongs to another protocol after it switched to that", () => {
    const { bench, connection } = connect();
    connection.client(lines("GET / HTTP/1.1", "Upgrade: websocket"));
    connection.server(lines("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket"));
    // A masked text frame (RFC 6455, section 5.7), and requests inside others.
    connection.client(Uint8Array.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58));
    connection.server(`\x81\x20${GET}`);
    connection.server(`\x81\x20${OK("")}`);
    expect(bench.finish()).toMatchObject([{ status: 101, upgrade: "websocket" }]);
  });

  it("may be a tunnel for another one, whose requests are rows too", () => {
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

  it("has no rows of an unrecognized protocol in a tunnel, whatever is lost of it", () => {
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

  it("of another protocol is refused", () => {
    const { bench, connection } = connect();
    connection.client("SSH-2.0-OpenSSH_9.2\r\n");
    expect(bench.finish()).toEqual([]);
    expect(bench.counters().notMine).toBe(1);
  });

  it("of another protocol has a row of the error response of an HTTP server", () => {
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

  it("on another port is recognised, and its flow names the protocol", () => {
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

  it("give rows or none, never an error, and no body is longer than the bytes sent and lost", () => {
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
