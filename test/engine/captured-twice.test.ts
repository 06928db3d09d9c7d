import fc from "fast-check";
import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type RowObject } from "../../runtime/plugin/testing/decoder-bench.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";

const http = findPlugin(registry.plugins, "http");
const flow = findPlugin(registry.plugins, "flow");

const THERE = { srcPort: 40000, dstPort: 80, srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
const BACK = { srcPort: 80, dstPort: 40000, srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };

const REQUEST = "GET / HTTP/1.1\r\n\r\n";
const RESPONSE = "HTTP/1.1 204 No Content\r\n\r\n";

/** A handshake and three exchanges. */
const FRAMES = [
  tcpFrame(new Uint8Array(0), THERE, { sequence: 999, flags: 2 }),
  tcpFrame(new Uint8Array(0), BACK, { sequence: 4999, acknowledgement: 1000, flags: 18 }),
  ...[0, 1, 2].flatMap((i) => {
    const sequence = 1000 + i * REQUEST.length;
    const acknowledgement = 5000 + i * RESPONSE.length;
    return [
      tcpFrame(Buffer.from(REQUEST), THERE, { sequence, acknowledgement }),
      tcpFrame(Buffer.from(RESPONSE), BACK, {
        sequence: acknowledgement,
        acknowledgement: sequence + REQUEST.length,
      }),
    ];
  }),
];

/** Rows of the frames, each of which is captured again, 10 µs later, as often as `copies` says. */
function rowsOf(copies: readonly number[]): { http: RowObject[]; flow: RowObject[] } {
  const limits = { conversations: 64, duplicate_window_us: 2000 };
  const bench = DecoderBench.configured({ limits }, http, flow);
  FRAMES.forEach((frame, i) => {
    for (let copy = 0; copy <= copies[i]!; copy++) bench.frame(frame, { atSeconds: i / 10 + copy / 100_000 });
  });
  bench.endInput();
  return { http: bench.rows("http"), flow: bench.rows("flow") };
}

const without = (rows: readonly RowObject[]) =>
  rows.map((row) => ({ ...row, duplicates: 0, frame_number: 0, response_frame: 0, id: 0 }));

it("packets captured again are counted on the rows of their connection, and change nothing else", () => {
  const expected = rowsOf(FRAMES.map(() => 0));
  expect(expected.http.map((row) => row["duplicates"])).toEqual([0, 0, 0]);
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: FRAMES.length, maxLength: FRAMES.length }), (copies) => {
      const found = rowsOf(copies);
      expect(without(found.http)).toEqual(without(expected.http));
      const [, , request1, response1, request2, response2, request3] = copies;
      expect(found.http.map((row) => row["duplicates"])).toEqual([
        request1,
        response1! + request2!,
        response2! + request3!,
      ]);
      expect(found.flow[0]!["duplicates"]).toBe(copies.reduce((sum, count) => sum + count, 0));
    }),
    { numRuns: 100 },
  );
});
