import fc from "fast-check";
import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";

const http = findPlugin(registry.plugins, "http");
const tls = findPlugin(registry.plugins, "tls");
const flow = findPlugin(registry.plugins, "flow");

const REQUEST = "GET /a/path HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
const RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const PROXY_1 = "PROXY TCP4 192.0.2.77 198.51.100.2 51000 443\r\n";
const PROXY_2 = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x4d\xc6\x33\x64\x02\xc7\x38\x01\xbb";
/** The proxy that is next to the server names the one before it. */
const OUTER_PROXY = "PROXY TCP4 203.0.113.9 198.51.100.2 40001 80\r\n";

/** A ClientHello of TLS 1.2 (RFC 5246, section 7.4.1.2) with the server name a.example (RFC 6066, section 3). */
const HELLO = Buffer.from(
  "16030100450100004103030000000000000000000000000000000000000000000000000000000000000000" +
    "000002c02f01000016" +
    "0000000e000c0000096 12e6578616d706c65".replace(" ", "") +
    "00170000",
  "hex",
).toString("latin1");

const streams = fc.constantFrom(
  REQUEST,
  REQUEST + REQUEST,
  PROXY_1 + REQUEST,
  PROXY_2 + REQUEST,
  OUTER_PROXY + PROXY_1 + REQUEST,
  OUTER_PROXY + PROXY_2 + REQUEST,
  HELLO,
  PROXY_2 + HELLO,
);

/** Where a stream is split into segments, as parts of its length, and in which order those come. */
const cuts = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), rank: fc.nat() }), { maxLength: 4 });

/** Rows of a connection whose client sends the stream in these segments before the server answers. */
function rowsOf(
  stream: string,
  cuts: readonly { at: number; rank: number }[],
  serverPort: number,
  isTunnelled = false,
) {
  const bench = DecoderBench.configured({ limits: { conversations: 64 } }, http, tls, flow);
  const connection = new TcpConversation(bench, { serverPort });
  connection.open({ atSeconds: 0 });
  if (isTunnelled) {
    connection.client("CONNECT h:80 HTTP/1.1\r\n\r\n", { atSeconds: 0.1 });
    connection.server("HTTP/1.1 200 OK\r\n\r\n", { atSeconds: 0.2 });
  }
  const ends = [...new Set(cuts.map(({ at }) => Math.floor(at * stream.length))), stream.length].sort((a, b) => a - b);
  const segments = ends.map((end, i) => ({ start: ends[i - 1] ?? 0, end, rank: cuts[i]?.rank ?? 0 }));
  for (const { start, end } of segments.toSorted((a, b) => a.rank - b.rank)) {
    connection.clientSegment(stream.slice(start, end), { offset: start, atSeconds: 1 });
  }
  connection.clientLost(stream.length);
  connection.server(RESPONSE, { atSeconds: 1.5 });
  connection.close({ atSeconds: 2 });
  bench.endInput();
  return {
    http: bench.rows("http").map(pick("target", "host", "state", "gap", "latency", "proxied_address", "proxied_port")),
    tls: bench.rows("tls").map(pick("server_name", "state", "gap", "proxied_address", "malformed")),
    flow: bench.rows("flow").map(pick("application", "src_port", "src_missed_bytes")),
  };
}

const pick =
  (...names: readonly string[]) =>
  (row: RowObject) =>
    names.map((name) => row[name]);

it.each([80, 443, 9999])("a stream's first bytes may come in any segments, in any order, to port %i", (serverPort) => {
  fc.assert(
    fc.property(streams, cuts, (stream, cuts) => {
      const whole = rowsOf(stream, [], serverPort);
      expect([...whole.http, ...whole.tls].length).toBeGreaterThan(0);
      expect(rowsOf(stream, cuts, serverPort)).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

it.each([80, 9999])("so may those of a stream inside another, to port %i", (serverPort) => {
  fc.assert(
    fc.property(fc.constantFrom(REQUEST, HELLO), cuts, (stream, cuts) => {
      const whole = rowsOf(stream, [], serverPort, true);
      expect([...whole.http, ...whole.tls]).toHaveLength(2);
      expect(rowsOf(stream, cuts, serverPort, true)).toEqual(whole);
    }),
    { numRuns: 100 },
  );
});

it("the real client is the one that the innermost PROXY header names", () => {
  expect(rowsOf(OUTER_PROXY + PROXY_2 + REQUEST, [], 9999)).toEqual({
    http: [["/a/path", "www.example.com", "COMPLETE", false, "0.500s", "192.0.2.77", 51000]],
    tls: [],
    flow: [["http", 40000, 0]],
  });
});

it("a connection that is not recognised after its first segments is probed as before", () => {
  const bench = new DecoderBench(http);
  const connection = new TcpConversation(bench, { serverPort: 9999 });
  connection.open();
  // A line that does not end: the beginning of a request, for all that is known.
  for (let i = 0; i < 12; i++) connection.client("word ");
  connection.server("\r\n");
  connection.client("GET /later HTTP/1.1\r\n\r\n");
  connection.server(RESPONSE);
  expect(bench.finish()).toMatchObject([{ target: "/later", state: "COMPLETE" }]);
});

it("segments that wait have the times and the numbers of their own frames", () => {
  const bench = new DecoderBench(http);
  const connection = new TcpConversation(bench, { serverPort: 9999 });
  connection.open({ atSeconds: 0 });
  connection.client("GE", { atSeconds: 1 });
  connection.client("T / HTTP/1.1\r\nHost: a\r\n\r\n", { atSeconds: 2 });
  connection.server(RESPONSE, { atSeconds: 3 });
  expect(bench.finish()).toMatchObject([
    { target: "/", time: "2026-01-01T00:00:02.000000000Z", frame_number: 5, response_frame: 6, latency: "1s" },
  ]);
});

it("the client that a PROXY header names is in the flow of its connection too, and in no other", () => {
  const bench = DecoderBench.configured({ limits: { conversations: 64 } }, http, flow);
  for (const [i, text] of [
    "PROXY TCP4 192.0.2.99 198.51.100.2 51000 443\r\nGET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
  ].entries()) {
    const ends = { srcPort: 40_000 + i, dstPort: 80, srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
    bench.frame(tcpFrame(Buffer.from(text), ends, { sequence: 1, acknowledgement: 1 }));
  }
  bench.endInput();
  const proxied = [
    { proxied_address: "192.0.2.99", proxied_port: 51_000 },
    { proxied_address: null, proxied_port: null },
  ];
  expect(bench.rows("flow")).toMatchObject(proxied);
  expect(bench.rows("http")).toMatchObject(proxied);
});
