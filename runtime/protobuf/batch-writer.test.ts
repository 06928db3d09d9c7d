import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchWriter } from "./batch-writer.js";

/** A row as encoders write it: tag 10, the length as a varint (protobuf's encoding guide), and as many bytes. */
function row(length: number, fill: number): Uint8Array {
  const prefix: number[] = [];
  for (let rest = length; ; rest >>>= 7) {
    prefix.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Uint8Array.from([10, ...prefix, ...new Array<number>(length).fill(fill)]);
}

describe("a batch writer", () => {
  it("returns every row in order, complete, and never more than requested", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.nat(300), fc.nat(20_000)), fc.nat(255)), { maxLength: 40 }),
        fc.integer({ min: 1, max: 25_000 }),
        fc.integer({ min: 1, max: 12 }),
        (lengths, maxBytes, maxRows) => {
          const writer = new BatchWriter(16);
          const rows = lengths.map(([length, fill]) => row(length, fill));
          for (const bytes of rows) writer.append(bytes, 0, bytes.length, 1);
          const got: number[] = [];
          const expected: number[] = [];
          let dropped = 0;
          let at = 0;
          while (writer.rowCount > 0) {
            const taken = writer.takeUpTo(maxBytes, maxRows);
            expect(taken.rows.length).toBeLessThanOrEqual(maxBytes);
            expect(taken.count).toBeLessThanOrEqual(maxRows);
            for (const bytes of rows.slice(at, at + taken.count)) expected.push(...bytes);
            got.push(...taken.rows);
            at += taken.count;
            if (taken.count > 0) continue;
            expect(rows[at]!.length).toBeGreaterThan(maxBytes);
            writer.dropRow();
            dropped++;
            at++;
          }
          expect(at).toBe(rows.length);
          expect(got).toEqual(expected);
          expect(dropped).toBe(rows.filter(({ length }) => length > maxBytes).length);
          expect(writer.position).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("appends to rows after some were taken", () => {
    const writer = new BatchWriter();
    for (const fill of [1, 2, 3]) writer.append(row(5, fill), 0, 7, 1);
    expect(writer.takeUpTo(7, 10).rows).toEqual(row(5, 1));
    writer.append(row(5, 4), 0, 7, 1);
    expect(writer.rowCount).toBe(3);
    expect([...writer.take()]).toEqual([...row(5, 2), ...row(5, 3), ...row(5, 4)]);
  });

  it("releases a buffer that grew in a burst", () => {
    const writer = new BatchWriter();
    const large = row(5 << 20, 1);
    writer.append(large, 0, large.length, 1);
    expect(writer.take()).toHaveLength(large.length);
    expect(writer.bytes.length).toBeLessThan(1 << 20);
  });
});
