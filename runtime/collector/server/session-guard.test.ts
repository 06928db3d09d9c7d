import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { guardSession } from "./session-guard.js";

const INTERVAL_MS = 10;
/** What a client begins with (RFC 9113, section 3.4): the preface, and an empty SETTINGS frame. */
const BEGINNING = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
/** A GOAWAY frame (section 6.8): last stream 0, NO_ERROR. */
const GOAWAY = Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

let server: Http2Server;
let client: Socket;
let session: ServerHttp2Session;

beforeEach(async () => {
  server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => undefined);
  const opened = once(server, "session");
  client.write(BEGINNING);
  [session] = (await opened) as [ServerHttp2Session];
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  guardSession(session, INTERVAL_MS);
});

afterEach(() => {
  vi.useRealTimers();
  client.destroy();
  server.close();
});

it("a client that says goodbye and stays does the server no harm", async () => {
  client.write(GOAWAY);
  await expect.poll(() => session.closed).toBe(true);
  // Several looks at a session that has closed and whose connection its client keeps open.
  vi.advanceTimersByTime(10 * INTERVAL_MS);
  expect(session.closed).toBe(true);
});

it("a client that does not answer is given up", async () => {
  // The client above answers nothing at all: neither SETTINGS nor PING.
  vi.advanceTimersByTime(3 * INTERVAL_MS);
  expect(session.destroyed).toBe(false);
  vi.advanceTimersByTime(2 * INTERVAL_MS);
  expect(session.destroyed).toBe(true);
});

it("a client that sends something is alive, though it answers no PING", async () => {
  // A PING of its own, section 6.7.
  const ping = Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  for (let i = 0; i < 20; i++) {
    const read = session.socket.bytesRead;
    client.write(ping);
    await expect.poll(() => session.socket.bytesRead, { interval: 1 }).toBeGreaterThan(read);
    vi.advanceTimersByTime(INTERVAL_MS);
    expect(session.destroyed).toBe(false);
  }
});
