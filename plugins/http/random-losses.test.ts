import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import { Random } from "../../runtime/record/testing/random.js";

const CONNECTIONS = 80;

/** How a client asks: for the first responses, which are not lost, and for the later ones. */
interface Client {
  /** The first two requests are sent together. */
  readonly asksAhead: boolean;
  /** Of all segments after the first requests, how many are lost. */
  readonly loss: number;
}

/** A connection whose requests are numbered by their targets, and whose responses name the request that they answer. */
class Exchange {
  readonly #random: Random;
  readonly #client: Client;
  readonly #bench = new DecoderBench(findPlugin(registry.plugins, "http"));
  readonly #connection: TcpConversation;
  #loss = 0;

  constructor(seed: number, client: Client) {
    this.#random = new Random(seed);
    this.#client = client;
    this.#connection = new TcpConversation(this.#bench, {
      serverPort: 80,
      clientSequence: this.#random.uint32(),
      serverSequence: this.#random.uint32(),
    });
  }

  /** Targets and locations of the rows that have both, after `total` requests. */
  run(total: number): [target: unknown, location: unknown][] {
    const random = this.#random;
    const { asksAhead, loss } = this.#client;
    const open: { number: number; method: string }[] = [];
    this.#connection.open();
    if (!asksAhead) this.#loss = loss;
    for (let next = 0; next < total || open.length > 0; ) {
      const mayAsk = open.length === 0 || (asksAhead && (next < 2 || random.oneIn(2)));
      if (next < total && mayAsk) {
        const method = ["GET", "GET", "HEAD", "POST"][random.below(4)]!;
        this.#send(true, requestOf(next, method, "q".repeat(1 + random.below(50))));
        open.push({ number: next++, method });
        if (next === 2) this.#loss = loss;
      } else {
        const { number, method } = open.shift()!;
        if (random.oneIn(10)) this.#send(false, "HTTP/1.1 100 Continue\r\n\r\n");
        this.#send(false, this.#responseOf(number, method));
      }
    }
    if (!random.oneIn(3)) this.#connection.close();
    return this.#bench
      .finish()
      .filter((row) => row["state"] === "COMPLETE" && row["location"] !== null)
      .map((row) => [row["target"], row["location"]]);
  }

  #responseOf(number: number, method: string): string {
    const start = `HTTP/1.1 200 OK\r\nLocation: /${number}\r\n`;
    if (method === "HEAD") return `${start}Content-Length: 77\r\n\r\n`;
    if (this.#random.oneIn(3)) return `${start}Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n`;
    const length = this.#random.below(200);
    return `${start}Content-Length: ${length}\r\n\r\n${"r".repeat(length)}`;
  }

  /** Sends a message in one segment or several, some of which are acknowledged at once; what is lost is so for the capture only. */
  #send(isFromClient: boolean, text: string): void {
    const random = this.#random;
    const connection = this.#connection;
    const cuts = Array.from({ length: Math.max(0, random.below(5) - 2) }, () => 1 + random.below(text.length - 1));
    const ends = [...new Set([...cuts, text.length])].sort((left, right) => left - right);
    for (const [i, end] of ends.entries()) {
      const part = text.slice(ends[i - 1] ?? 0, end);
      if (this.#isLost()) {
        if (isFromClient) connection.clientLost(part.length);
        else connection.serverLost(part.length);
      } else if (isFromClient) connection.client(part);
      else connection.server(part);
      if (random.oneIn(2) && !this.#isLost()) {
        if (isFromClient) connection.serverSegment("", {});
        else connection.clientSegment("", {});
      }
    }
  }

  #isLost(): boolean {
    return this.#random.below(100) < this.#loss * 100;
  }
}

function requestOf(number: number, method: string, body: string): string {
  const start = `${method} /${number} HTTP/1.1\r\nHost: a.example\r\n`;
  return method === "POST" ? `${start}Content-Length: ${body.length}\r\n\r\n${body}` : `${start}\r\n`;
}

describe.each([
  ["waits for each response", false],
  ["asks ahead", true],
])("of a client that %s", (_, asksAhead) => {
  // How many of all requests have their responses at least; the others are without one, or their rows are lost.
  it.each([
    [0, 1],
    [0.05, 0.6],
    [0.15, 0.25],
    [0.3, 0.12],
  ])("no request has another one's response where %d of the segments are lost", (loss, least) => {
    let paired = 0;
    let asked = 0;
    for (let seed = 0; seed < CONNECTIONS; seed++) {
      const total = 2 + (seed % 7);
      const pairs = new Exchange(seed, { asksAhead, loss }).run(total);
      for (const [target, location] of pairs) expect(target, `connection ${seed}`).toBe(location);
      paired += pairs.length;
      asked += total;
    }
    expect(paired).toBeGreaterThanOrEqual(asked * least);
  });
});
