import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";

const request = (number: number, method = "GET") => `${method} /${number} HTTP/1.1\r\nHost: a\r\n\r\n`;
/** A response that names the request that it answers. */
const response = (number: number, status = 200) =>
  `HTTP/1.1 ${status} OK\r\nLocation: /${number}\r\nContent-Length: 80\r\n\r\n${"x".repeat(80)}`;
const headResponse = (number: number) => response(number).slice(0, -80);

/** The rows of a connection, as pairs of target and location, after it was opened. */
function pairsOf(exchange: (connection: TcpConversation) => void): unknown[] {
  const bench = new DecoderBench(findPlugin(registry.plugins, "http"));
  const connection = new TcpConversation(bench, { serverPort: 80 });
  connection.open();
  exchange(connection);
  connection.close();
  return bench.finish().map((row) => [row["target"], row["location"]]);
}

function ask(connection: TcpConversation, ...numbers: readonly number[]): void {
  for (const number of numbers) {
    connection.client(request(number));
    connection.server(response(number));
  }
}

describe("responses are never those of other requests", () => {
  it("after HEAD that was lost, whose response has a length and no body", () => {
    for (const first of [[], [0]]) {
      const rows = pairsOf((connection) => {
        ask(connection, ...first);
        connection.clientLost(request(1, "HEAD").length);
        connection.server(headResponse(1));
        ask(connection, 2, 3, 4);
      });
      const before = first.map((number) => [`/${number}`, `/${number}`]);
      // In the order of the responses: the row of the lost request's does not wait for the end of the connection.
      expect(rows).toEqual([...before, [null, "/1"], ["/2", "/2"], ["/3", "/3"], ["/4", "/4"]]);
    }
  });

  it("after bytes between two responses that are not a response", () => {
    const rows = pairsOf((connection) => {
      ask(connection, 0);
      connection.client(request(1) + request(2) + request(3));
      connection.server(response(1));
      connection.server(`junk${response(2)}`);
      connection.server(response(3));
    });
    expect(rows.filter((pair) => (pair as unknown[]).every((part) => part !== null))).toEqual([
      ["/0", "/0"],
      ["/1", "/1"],
    ]);
  });

  it("after a request that cannot be read, which the server answers, too", () => {
    const rows = pairsOf((connection) => {
      ask(connection, 0);
      connection.client("GET /bad FOO/9\r\nHost: a\r\n\r\n");
      connection.client(request(1));
      connection.server(response(99, 400));
      connection.server(response(1));
    });
    expect(rows).toEqual([
      ["/0", "/0"],
      [null, "/99"],
      ["/1", "/1"],
    ]);
  });

  it("where the end of a request was lost, and its response", () => {
    const rows = pairsOf((connection) => {
      ask(connection, 1);
      connection.client(request(2).slice(0, -3));
      connection.clientLost(3);
      connection.serverLost(response(2).length);
      ask(connection, 3, 4);
    });
    expect(rows).toEqual([
      ["/1", "/1"],
      ["/3", "/3"],
      ["/4", "/4"],
      ["/2", null],
    ]);
  });
});

describe("responses of a client that asks ahead are not paired after a loss", () => {
  const complete = (rows: readonly unknown[]) =>
    rows.filter((pair) => (pair as unknown[]).every((part) => part !== null));

  it("that two requests show, which acknowledge the same bytes", () => {
    const rows = pairsOf((connection) => {
      connection.client(request(0));
      connection.clientLost(request(1).length);
      connection.serverLost(response(0).length);
      connection.client(request(2));
      connection.client(request(3));
      connection.server(response(1));
      connection.server(response(2));
      connection.server(response(3));
    });
    expect(complete(rows)).toEqual([]);
  });

  it("that a request shows of which the beginning was seen", () => {
    const rows = pairsOf((connection) => {
      connection.client(request(0).slice(0, 20));
      connection.clientLost(request(0).length - 20 + request(1).length);
      connection.client(request(2));
      connection.serverLost(response(0).length + response(1).length);
      connection.client(request(3));
      connection.server(response(2));
      connection.server(response(3));
    });
    expect(complete(rows)).toEqual([]);
  });

  it("of the first request, where the answer to the SYN was seen", () => {
    const bench = new DecoderBench(findPlugin(registry.plugins, "http"));
    const connection = new TcpConversation(bench, { serverPort: 80 });
    connection.serverSegment("", { flags: 0x12 });
    connection.clientLost(request(0).length);
    connection.client(request(1));
    connection.server(response(0));
    connection.server(response(1));
    expect(complete(bench.finish().map((row) => [row["target"], row["location"]]))).toEqual([]);
  });
});

describe("bytes before the first request that are not lost", () => {
  it.each(["\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n"])("such as %j change nothing", (before) => {
    for (const isInOneSegment of [true, false]) {
      const rows = pairsOf((connection) => {
        connection.client(before + (isInOneSegment ? request(1) : ""));
        if (!isInOneSegment) connection.client(request(1));
        connection.server(response(1));
        ask(connection, 2);
      });
      expect(rows).toEqual([
        ["/1", "/1"],
        ["/2", "/2"],
      ]);
    }
  });
});
