import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";

function rowOf(request: string, response: string) {
  const bench = new DecoderBench(findPlugin(registry.plugins, "http"));
  const connection = new TcpConversation(bench, { serverPort: 80 });
  connection.open();
  connection.client(request);
  connection.server(response);
  const rows = bench.finish();
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

const OK = "HTTP/1.1 204 No Content\r\n\r\n";
const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous".
it.each(["a\0b", "\0", "a\rb", "a\rb: c", "a\r", "a\r\n b\0c", "a\r\n\tb\rc"])(
  "the value %j is malformed, in a request and in a response",
  (value) => {
    expect(rowOf(`GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: ${value}\r\n\r\n`, OK)).toMatchObject({
      state: "COMPLETE",
      malformed: true,
      host: "a",
      status: 204,
    });
    expect(rowOf(GET, `HTTP/1.1 204 No Content\r\nServer: ${value}\r\n\r\n`)).toMatchObject({
      state: "COMPLETE",
      malformed: true,
      status: 204,
    });
  },
);

it("the value is unchanged", () => {
  const row = rowOf("GET / HTTP/1.1\r\nUser-Agent: a\0b\r\n\r\n", OK);
  expect(Buffer.from(row["user_agent"] as string)).toEqual(Buffer.from("a\0b"));
});

it.each(["a b", "a\tb", "\xe4", "", " a ", "a\r\n b", "a\n b"])("the value %j is not", (value) => {
  expect(rowOf(`GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: ${value}\r\n\r\n`, OK)["malformed"]).toBe(false);
});

// RFC 9112, section 2.2: a bare CR is invalid in any protocol element.
it.each(["GET /a\rb HTTP/1.1", "GET /a\0b HTTP/1.1"])("the request line %j is malformed", (line) => {
  expect(rowOf(`${line}\r\n\r\n`, OK)["malformed"]).toBe(true);
});

it.each(["No\rContent", "No\0Content"])("the reason %j is malformed", (reason) => {
  expect(rowOf(GET, `HTTP/1.1 204 ${reason}\r\n\r\n`)["malformed"]).toBe(true);
});

it("a line that ends with a line feed alone is not", () => {
  expect(rowOf("GET / HTTP/1.1\nHost: a\n\n", "HTTP/1.1 204 No Content\nServer: b\n\n")).toMatchObject({
    malformed: false,
    host: "a",
    server: "b",
  });
});
