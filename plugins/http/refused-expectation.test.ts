import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";

const next = (method: string) => `${method} /next HTTP/1.1\r\nHost: a\r\n\r\n`;
const OK = "HTTP/1.1 204 No Content\r\n\r\n";
const METHODS = ["GET", "POST", "PROPFIND"];

const bench = new DecoderBench(findPlugin(registry.plugins, "http"));
let connections = 0;

/** Rows after a request that waits for 100 with a body of `bodyBytes`, a final response, and then `pieces` of the client. */
function rowsOf(bodyBytes: number, status: string, pieces: readonly string[]) {
  const connection = new TcpConversation(bench, { serverPort: 80, clientPort: 10000 + (connections++ % 50000) });
  connection.open();
  connection.client(`PUT /up HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: ${bodyBytes}\r\n\r\n`);
  connection.server(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
  for (const piece of pieces) connection.client(piece);
  connection.server(OK);
  return bench.rows().map((row) => [row["method"], row["target"], row["state"], row["status"], row["malformed"]]);
}

const expected = (method: string, status: number) => [
  ["PUT", "/up", "COMPLETE", status, false],
  [method, "/next", "COMPLETE", 204, false],
];

// RFC 9110, section 10.1.1: the client may send the content anyway, or leave it out.
it.each([
  ["417 Expectation Failed", 417],
  ["401 Unauthorized", 401],
  ["200 OK", 200],
] as const)("after %s the body and the next request are read from one segment", (status, code) => {
  for (const method of METHODS) {
    for (const length of [1, 2, 3, 8, 16, 17, 18, 19, 20, 21, 40]) {
      for (const letter of ["x", "G", "7", " ", "\n"]) {
        const body = letter.repeat(length);
        expect(rowsOf(length, status, [body + next(method)]), JSON.stringify(body)).toEqual(expected(method, code));
      }
    }
  }
});

it("the next request is read where the body, however long, is omitted and the request is split anywhere", () => {
  for (const method of METHODS) {
    const text = next(method);
    for (const length of [1, 2, 3, 10, 200]) {
      for (let cut = 1; cut < text.length; cut++) {
        const rows = rowsOf(length, "417 Expectation Failed", [text.slice(0, cut), text.slice(cut)]);
        expect(rows, `${length} ${cut}`).toEqual(expected(method, 417));
      }
    }
  }
});

it("the body and the next request may be cut anywhere", () => {
  const body = "{'a': 1, 'b': 2}";
  const text = body + next("GET");
  for (let cut = 1; cut < text.length; cut++) {
    const rows = rowsOf(body.length, "417 Expectation Failed", [text.slice(0, cut), text.slice(cut)]);
    expect(rows, String(cut)).toEqual(expected("GET", 417));
  }
});
