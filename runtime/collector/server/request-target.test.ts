import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CollectorFixture, startFixture } from "../testing/collector.js";

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.close());

/** What the collector answers to the head of a request, and no body. */
async function answerTo(head: string): Promise<string> {
  const socket = connect({ port: fixture.collector.address.port, host: "127.0.0.1" });
  socket.write(`${head}\r\nconnection: close\r\n\r\n`);
  return Buffer.concat(await socket.toArray()).toString("latin1");
}

const refused = {
  error: {
    code: "invalid_argument",
    message: expect.stringMatching(/^the request's target, Host or scheme is not valid \([^)]+\); send a path such as/),
  },
};

const call = (type: string, method = "ListDns") =>
  `POST /wireloom.dns.v1.DnsService/${method} HTTP/1.1\r\nhost: localhost:99999\r\ncontent-length: 0\r\ncontent-type: ${type}`;

it.each([
  "GET /v1/dns HTTP/1.1\r\nhost: localhost:99999",
  "GET /v1/dns HTTP/1.1\r\nhost: [::1]:65536",
  "GET * HTTP/1.1\r\nhost: localhost",
  "GET /v1\\dns HTTP/1.1\r\nhost: localhost",
  "GET http://[::/v1/dns HTTP/1.1\r\nhost: localhost",
  call("application/json"),
  call("application/proto"),
  call("application/grpc"),
  call("application/grpc-web"),
  call("application/connect+proto", "WatchDns"),
])("a target or host that is not valid is refused with a message: %j", async (head) => {
  const [headers, body] = (await answerTo(head)).split("\r\n\r\n");
  expect(headers).toMatch(/^HTTP\/1\.1 400 /);
  expect(headers).toMatch(/content-type: application\/json/i);
  expect(JSON.parse(body!)).toEqual(refused);
  expect(fixture.logged).toEqual([]);
});

it("a scheme that the collector does not speak is refused with a message", async () => {
  const session = connectHttp2(fixture.collector.url);
  const stream = session.request({ ":path": "/v1/dns", ":scheme": "ftp" });
  const [headers] = await once(stream, "response");
  const body = Buffer.concat(await stream.toArray()).toString();
  session.close();
  expect(headers[":status"]).toBe(400);
  expect(JSON.parse(body)).toEqual(refused);
});

it.each([
  ["FOO /v1/dns HTTP/1.1\r\nhost: localhost", "405", "method_not_allowed", /^the method is not known; REST takes GET/],
  ["GET /v1/dns HTTP/1.1\r\nhost localhost", "400", "invalid_argument", /^the request is not valid HTTP\/1\.1$/],
  ["GET /v1/dns HTTP/9.9\r\nhost: localhost", "400", "invalid_argument", /^the request is not valid HTTP\/1\.1$/],
  [`GET /${"x".repeat(20_000)} HTTP/1.1\r\nhost: localhost`, "431", "invalid_argument", /larger than 16 KiB/],
  ["GET /v1/dns HTTP/1.1\r\nhost: localhost\r\nexpect: much", "417", "invalid_argument", /^Expect may be/],
])("what the parser of HTTP/1.1 refuses is refused with a message (case %#)", async (head, status, code, message) => {
  const [headers, body] = (await answerTo(head)).split("\r\n\r\n");
  expect(headers!.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  expect(JSON.parse(body!)).toEqual({ error: { code, message: expect.stringMatching(message) } });
  expect(fixture.logged).toEqual([]);
});

it("OPTIONS may be asked of the collector as a whole", async () => {
  const answer = await answerTo("OPTIONS * HTTP/1.1\r\nhost: localhost");
  expect(answer).toMatch(/^HTTP\/1\.1 204 /);
  expect(answer).toMatch(/^allow: GET, HEAD, OPTIONS\r$/im);
});
