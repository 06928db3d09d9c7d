import { describe, expect, it, vi } from "vitest";
import { TcpFlag } from "../../../runtime/plugin/index.js";
import { connect, GET, OK } from "./testing/connection.js";
import { data, goAway, headers, joined, requestFields, reset, responseFields } from "./testing/frames.js";

describe("a stream that ends before its time", () => {
  it.each([
    ["client", 8, "CANCEL"],
    ["server", 7, "REFUSED_STREAM"],
    ["server", 0, "NO_ERROR"],
    ["server", 4711, 4711],
  ] as const)("is reset by the %s with code %d", (side, code, name) => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection[side](reset(1, code));
    connection.server(OK(1));
    expect(bench.finish()).toMatchObject([
      { state: "UNANSWERED", status: null, stream_error: name, incomplete: false },
    ]);
  });

  it("has the part of its response that arrived, which is incomplete", () => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection.server(joined(headers(1, responseFields(200), false), data(1, 11, false), reset(1, 2)));
    expect(bench.rows()).toMatchObject([
      { state: "COMPLETE", status: 200, response_body_bytes: 11, stream_error: "INTERNAL_ERROR", incomplete: true },
    ]);
  });

  it("may be one that the server does not handle any more, and those before it continue", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1, "/1"), GET(3, "/3"), GET(5, "/5")));
    connection.server(goAway(1, 0));
    connection.server(OK(1));
    expect(bench.finish()).toMatchObject([
      { target: "/3", state: "UNANSWERED", stream_error: "NO_ERROR" },
      { target: "/5", state: "UNANSWERED", stream_error: "NO_ERROR" },
      { target: "/1", state: "COMPLETE", stream_error: null },
    ]);
  });

  it("is not searched for by a GOAWAY that does not concern an open stream, however many arrive", () => {
    const { bench, connection } = connect();
    for (let i = 0; i < 20; i++) connection.client(GET(i * 2 + 1, `/${i}`));
    const again = joined(...Array.from({ length: 500 }, (_, i) => goAway(2 ** 31 - 1 - i, 0)), goAway(37, 0));
    const values = vi.spyOn(Map.prototype, "values");
    connection.server(joined(again, ...Array.from({ length: 500 }, () => goAway(37, 0))));
    const walks = values.mock.calls.length;
    values.mockRestore();
    expect(walks).toBeLessThan(100);
    expect(bench.rows()).toMatchObject([{ target: "/19", state: "UNANSWERED", stream_error: "NO_ERROR" }]);
  });

  it("ends with the connection, and with the error that ended that", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1, "/1"), headers(3, requestFields("POST", "/3"), false), data(3, 4, false)));
    connection.server(joined(headers(1, responseFields(200), false), data(1, 6, false)));
    connection.client(goAway(0, 9));
    connection.close();
    expect(bench.rows()).toMatchObject([
      { target: "/1", state: "COMPLETE", response_body_bytes: 6, incomplete: true, stream_error: "COMPRESSION_ERROR" },
      { target: "/3", state: "UNANSWERED", request_body_bytes: null, stream_error: "COMPRESSION_ERROR" },
    ]);
  });

  it("has the bytes that arrived of a frame that breaks off", () => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    connection.server(joined(headers(1, responseFields(200), false), data(1, 1000).subarray(0, 409)));
    connection.serverSegment("", { flags: TcpFlag.Rst });
    expect(bench.rows()).toMatchObject([{ response_body_bytes: 400, incomplete: true, stream_error: null }]);
  });

  it("has the fields that arrived of a header that breaks off", () => {
    const { bench, connection } = connect();
    connection.client(headers(1, requestFields("GET", "/cut", ["user-agent", "u".repeat(60)])).subarray(0, 90));
    connection.close();
    expect(bench.rows()).toMatchObject([
      {
        state: "UNANSWERED",
        method: "GET",
        target: "/cut",
        user_agent: null,
        stream_id: 1,
        incomplete: true,
        malformed: false,
      },
    ]);
  });
});
