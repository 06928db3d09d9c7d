import { describe, expect, it } from "vitest";
import { TcpFlag } from "../../runtime/plugin/index.js";
import { connect, GET, lines, OK } from "./testing/connection.js";

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

  it("ends with the connection where nothing else delimits it", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server(`${lines("HTTP/1.0 200 OK")}until `);
    connection.server("the end");
    expect(bench.rows()).toEqual([]);
    connection.serverSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
    expect(bench.rows()).toMatchObject([{ response_body_bytes: 13, incomplete: false }]);
  });

  it("is absent in a response to HEAD, and with 204 and 304", () => {
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

  it("that breaks off is counted as far as it arrived", () => {
    const { bench, connection } = connect();
    connection.client(GET);
    connection.server(`${lines("HTTP/1.1 200 OK", "Content-Length: 1000")}${"x".repeat(400)}`);
    connection.serverSegment("", { flags: TcpFlag.Rst });
    expect(bench.rows()).toMatchObject([{ response_body_bytes: 400, incomplete: true }]);
  });

  it("ends at its length, with bytes in its middle lost", () => {
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
    ["a chunk size that is not a number", "xyz\r\n"],
    ["a chunk that is longer than its size", "3\r\nabcd\r\n"],
    ["a chunk size beyond the limit", "fffffffffffff\r\n"],
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
