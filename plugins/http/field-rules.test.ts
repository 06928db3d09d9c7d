import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";

const CHUNKS = "5\r\nhello\r\n0\r\n\r\n";

/** The rows of a request and a response with these fields and bodies, and of a request after them. */
function rowsOf(request: { fields: string; body?: string }, response: { fields: string; body?: string }) {
  const bench = new DecoderBench(findPlugin(registry.plugins, "http"));
  const connection = new TcpConversation(bench, { serverPort: 80 });
  connection.open();
  connection.client(`POST /1 HTTP/1.1\r\nHost: a\r\n${request.fields}\r\n${request.body ?? ""}`);
  connection.server(`HTTP/1.1 200 OK\r\n${response.fields}\r\n${response.body ?? ""}`);
  connection.client("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  connection.server("HTTP/1.1 204 No Content\r\n\r\n");
  connection.close();
  return bench.finish();
}

const EMPTY = { fields: "Content-Length: 0\r\n" };

describe("a transfer coding", () => {
  // RFC 9110, section 5.6.1.2: empty elements do not count; RFC 9112, section 7: names ignoring case.
  it.each(["chunked", "gzip, Chunked", "chunked,", "chunked , ,", "gzip,chunked"])("%j is chunked", (coding) => {
    const fields = `Transfer-Encoding: ${coding}\r\n`;
    expect(rowsOf({ fields, body: CHUNKS }, { fields, body: CHUNKS })).toMatchObject([
      { target: "/1", status: 200, request_body_bytes: 5, response_body_bytes: 5, malformed: false },
      { target: "/2", status: 204 },
    ]);
  });

  it.each(["xchunked", "chunked, gzip", "chunkedx"])("%j is another one", (coding) => {
    const fields = `Transfer-Encoding: ${coding}\r\n`;
    // The length of a request is not known then; a response ends with the connection.
    expect(rowsOf({ fields, body: CHUNKS }, EMPTY)[0]).toMatchObject({
      target: "/1",
      status: 200,
      request_body_bytes: null,
      malformed: true,
    });
    expect(rowsOf(EMPTY, { fields, body: CHUNKS }).find((row) => row["target"] === "/1")).toMatchObject({
      status: 200,
      response_body_bytes: CHUNKS.length + "HTTP/1.1 204 No Content\r\n\r\n".length,
    });
  });
});

it.each(["1 0", "1 ,0", "5 5", "+5"])("%j is not a length", (length) => {
  expect(rowsOf({ fields: `Content-Length: ${length}\r\n` }, EMPTY)[0]).toMatchObject({
    target: "/1",
    request_content_length: null,
    malformed: true,
  });
});

it.each(["5", " 5\t", "5, 5", "5 ,\t5"])("%j is the length 5", (length) => {
  expect(rowsOf({ fields: `Content-Length: ${length}\r\n`, body: "hello" }, EMPTY)).toMatchObject([
    { target: "/1", request_content_length: 5, request_body_bytes: 5, malformed: false },
    { target: "/2" },
  ]);
});

it.each(["no colon here\r\n", ": no name\r\n", "Name : space\r\n"])("%j breaks the format", (fields) => {
  expect(rowsOf({ fields: `${fields}Content-Length: 0\r\n` }, EMPTY)[0]).toMatchObject({
    malformed: true,
    status: 200,
  });
  expect(rowsOf(EMPTY, { fields: `${fields}Content-Length: 0\r\n` })[0]).toMatchObject({
    malformed: true,
    status: 200,
  });
});
