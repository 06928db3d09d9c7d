import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameType } from "./frame.js";
import { connect, GET, OK } from "./testing/connection.js";
import {
  CLIENT_START,
  data,
  fields,
  frameOf,
  goAway,
  headers,
  indexed,
  joined,
  promise,
  requestFields,
  reset,
  responseFields,
  settings,
  word,
} from "./testing/frames.js";

describe("lost bytes", () => {
  it("of data are counted, and nothing else is lost", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1), GET(3)));
    connection.server(
      joined(headers(1, joined([0x88], indexed("server", "s")), false), data(1, 3000, false).subarray(0, 1000)),
    );
    connection.serverLost(1500);
    connection.server(joined(data(1, 3000, false).subarray(2500), data(1, 4), headers(3, Uint8Array.of(0x88, 0xbe))));
    expect(bench.finish()).toMatchObject([
      { response_body_bytes: 3004, response_body_missed_bytes: 1500, incomplete: false, gap: true },
      { stream_id: 3, server: "s", incomplete: false },
    ]);
  });

  it("leave out what later fields repeat of them, until they are sent again", () => {
    const { bench, connection } = connect();
    connection.client(headers(1, joined([0x82, 0x86, 0x84], indexed(":authority", "old"))));
    connection.clientLost(500);
    const repeats = headers(5, Uint8Array.of(0x82, 0x86, 0x84, 0xbe));
    connection.client(joined(repeats, headers(7, joined([0x82, 0x86, 0x84], indexed(":authority", "new")))));
    connection.client(headers(9, Uint8Array.of(0x82, 0x86, 0x84, 0xbe)));
    connection.server(joined(OK(1), OK(5), OK(7), OK(9)));
    expect(bench.finish()).toMatchObject([
      { stream_id: 1, host: "old", incomplete: false },
      { stream_id: 5, method: "GET", target: "/", host: null, incomplete: true, malformed: false, gap: true },
      { stream_id: 7, host: "new", incomplete: false },
      { stream_id: 9, host: "new", incomplete: false },
    ]);
  });

  it("with a request in them leave a response without a request, and one that was reset is not made up again", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1), reset(1, 8)));
    connection.clientLost(200);
    connection.client(GET(5));
    connection.server(joined(OK(1), OK(3), OK(5)));
    expect(bench.finish()).toMatchObject([
      { stream_id: 1, state: "UNANSWERED", stream_error: "CANCEL" },
      { stream_id: 3, state: "UNSOLICITED", status: 200, method: null },
      { stream_id: 5, state: "COMPLETE" },
    ]);
  });

  it("with a response's header in them leave an incomplete one", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1), GET(3)));
    connection.serverLost(100);
    connection.server(joined(data(1, 20), OK(3)));
    expect(bench.finish()).toMatchObject([
      { stream_id: 1, state: "COMPLETE", status: null, response_body_bytes: 20, incomplete: true, malformed: false },
      { stream_id: 3, status: 200, incomplete: false },
    ]);
  });

  it("with a response's header in them leave its trailers what they are", () => {
    const { bench, connection } = connect({ "http.response_headers": "grpc-status" });
    connection.client(GET(1));
    connection.serverLost(100);
    connection.server(joined(data(1, 20, false), headers(1, fields([["grpc-status", "0"]]))));
    expect(bench.finish()).toMatchObject([
      {
        stream_id: 1,
        state: "COMPLETE",
        status: null,
        response_headers: ["grpc-status: 0"],
        response_body_bytes: 20,
        incomplete: true,
        malformed: false,
      },
    ]);
  });

  it("in a header lose that one, as its frame says where the next one begins", () => {
    const { bench, connection } = connect();
    const block = joined([0x82, 0x86, 0x84], indexed("x", "y".repeat(1000)));
    connection.client(joined(headers(1, block).subarray(0, 100)));
    connection.clientLost(500);
    const rest = headers(1, block).subarray(600);
    connection.client(joined(rest, headers(3, Uint8Array.of(0x82, 0x86, 0x84, 0xbe))));
    connection.server(joined(OK(1), OK(3)));
    expect(bench.finish()).toMatchObject([
      { stream_id: 1, method: "GET", target: "/", incomplete: true, status: 200 },
      { stream_id: 3, method: "GET", target: "/", incomplete: true, status: 200 },
    ]);
  });

  it.each([
    ["ALTSVC (RFC 7838, section 4)", "server", frameOf(FrameType.AltSvc, 0, 0, [0, 1, 97, 98])],
    ["ORIGIN (RFC 8336, section 2)", "server", frameOf(FrameType.Origin, 0, 0, [0, 1, 97])],
    ["PRIORITY_UPDATE (RFC 9218, section 7.1)", "client", frameOf(FrameType.PriorityUpdate, 0, 0, [...word(3), 117])],
  ] as const)("are over with a segment that begins with %s", (_, side, frame) => {
    const { bench, connection } = connect();
    connection.client(GET(1));
    if (side === "client") connection.clientLost(100);
    else connection.serverLost(100);
    if (side === "client") connection.client(joined(frame, GET(3)));
    else connection.client(GET(3));
    connection.server(side === "server" ? joined(frame, OK(1), OK(3)) : joined(OK(1), OK(3)));
    expect(bench.finish()).toMatchObject([
      { stream_id: 1, state: "COMPLETE" },
      { stream_id: 3, state: "COMPLETE", method: "GET", status: 200 },
    ]);
  });

  it("are not made good by what only looks like frames", () => {
    const { bench, connection } = connect();
    connection.client(joined(GET(1), GET(3)));
    connection.server(headers(1, responseFields(200), false));
    connection.serverLost(100);
    // Of a stream that was not opened, not whole, of an unknown type, with bits that mean nothing.
    connection.server(data(99, 5));
    connection.server(data(1, 50).subarray(0, 40));
    connection.server(frameOf(77, 0, 0, word(1)));
    connection.server(frameOf(FrameType.Data, 0x40, 1, word(1)));
    connection.server("HTTP/1.1 200 OK\r\n\r\n");
    connection.close();
    expect(bench.rows()).toMatchObject([
      { stream_id: 1, status: 200, response_body_bytes: 0, incomplete: true, gap: true },
      { stream_id: 3, state: "UNANSWERED", gap: true },
    ]);
  });

  it("with a capture that keeps the beginning of each packet leave the fields at hand", () => {
    const { bench, connection } = connect();
    const request = headers(1, requestFields("GET", "/snap", ["x", "y".repeat(200)]));
    connection.client(request, { capturedBytes: 14 + 20 + 20 + 100 });
    connection.server(headers(1, responseFields(200, ["server", "s"], ["x", "y".repeat(200)])), {
      capturedBytes: 14 + 20 + 20 + 60,
    });
    expect(bench.finish()).toMatchObject([
      {
        target: "/snap",
        host: "a.example",
        status: 200,
        server: "s",
        incomplete: true,
        truncated: true,
        malformed: false,
      },
    ]);
  });
});

describe("any frames", () => {
  const streamId = fc.constantFrom(0, 1, 2, 3, 5, 7);
  const block = fc.oneof(
    fc.constantFrom(requestFields("GET", "/"), responseFields(200), responseFields(100), Uint8Array.of(0x82, 0xbe)),
    fc.uint8Array({ maxLength: 20 }),
  );
  const anyFrame = fc.oneof(
    fc.tuple(streamId, block, fc.boolean()).map(([id, bytes, isLast]) => headers(id, bytes, isLast)),
    fc.tuple(streamId, fc.nat(40), fc.boolean()).map(([id, length, isLast]) => data(id, length, isLast)),
    fc
      .tuple(streamId, fc.nat(9), fc.nat(255), fc.uint8Array({ maxLength: 30 }))
      .map(([id, type, flags, bytes]) => frameOf(type, flags, id, bytes)),
    fc.tuple(streamId, fc.nat(15)).map(([id, code]) => reset(id, code)),
    fc.tuple(streamId, block).map(([id, bytes]) => promise(id, id + 1, bytes)),
    fc.constantFrom(goAway(3, 0), settings([1, 0], [5, 20000]), CLIENT_START),
    fc.uint8Array({ maxLength: 30 }),
  );
  const piece = fc.record({
    isFromServer: fc.boolean(),
    bytes: anyFrame,
    cut: fc.option(fc.nat(30), { nil: undefined, freq: 4 }),
    lost: fc.option(fc.nat(50), { nil: 0, freq: 4 }),
  });

  it("give rows or none, never an error, and no body is longer than what was sent and lost", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { bench, connection } = connect();
        for (const { isFromServer, bytes, cut, lost } of pieces) {
          const sent = cut === undefined ? bytes : bytes.subarray(0, cut);
          if (isFromServer) connection.serverLost(lost);
          else connection.clientLost(lost);
          connection[isFromServer ? "server" : "client"](sent);
        }
        connection.close();
        for (const row of bench.finish()) {
          expect(Number(row["response_body_bytes"])).toBeGreaterThanOrEqual(0);
          expect(Number(row["request_body_bytes"])).toBeLessThan(20_000);
        }
      }),
      { numRuns: 200 },
    );
  });
});
