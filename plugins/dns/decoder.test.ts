import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import type { DatagramEnds } from "../../runtime/plugin/testing/udp-frame.js";
import { ANSWER, hex, plugin, QUERY, QUESTION, RESPONSE, TO_CLIENT, TO_SERVER } from "./testing/messages.js";

describe("any bytes", () => {
  // A small table, because every run makes one.
  const small = { ...plugin, limits: { pendingMaxEntries: 4, pendingTtlMs: 10000 } };
  const ends = fc.constantFrom<DatagramEnds[]>(
    TO_SERVER,
    TO_CLIENT,
    { srcPort: 5353, dstPort: 5353, dstAddress: "224.0.0.251" },
    { srcPort: 5355, dstPort: 40000 },
  );
  const base = fc.constantFrom(
    QUERY,
    RESPONSE,
    hex(
      "1234 8180 0001 0002 0000 0001",
      QUESTION,
      ANSWER,
      ANSWER,
      "00 0029 04d0 00 00 8000 000b 0008 0007 0001 18 00 c00002",
    ),
    hex(
      "1234 8180 0001 0001 0000 0000",
      QUESTION,
      "c00c 0041 0001 0000012c 0013 0001 00 0001 0003 02 6832 0004 0004 c0000201",
    ),
  );
  const mutated = fc
    .tuple(base, fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }), fc.nat(200))
    .map(([message, changes, length]) => {
      const copy = Uint8Array.from(message);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return copy.subarray(0, Math.max(0, copy.length - (length > 150 ? length - 150 : 0)));
    });

  it("give one verdict each, never an error, and rows of printable text with lists in step", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(mutated, mutated, fc.uint8Array({ maxLength: 120 })), ends), {
          minLength: 1,
          maxLength: 6,
        }),
        (datagrams) => {
          const bench = new DecoderBench(small);
          for (const [payload, options] of datagrams) bench.udp(payload, options);
          const rows = bench.finish();
          const { accepted, notMine, truncated, malformed } = bench.counters();
          expect(accepted + notMine + truncated + malformed).toBe(datagrams.length);
          for (const row of rows) {
            expect(JSON.stringify(row)).toMatch(/^[ -~\u00a0-\u{10ffff}]*$/u);
            for (const section of ["answer", "authority", "additional"]) {
              const lists = ["names", "types", "ttls", "data"].map(
                (list) => (row[`${section}_${list}`] as unknown[]).length,
              );
              expect(new Set(lists).size).toBe(1);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("are read up to the end of the datagram only: bytes after it change nothing", () => {
    fc.assert(
      fc.property(mutated, ends, fc.uint8Array({ minLength: 30, maxLength: 30 }), (payload, options, noise) => {
        const plain = new DecoderBench(small);
        plain.udp(payload, options);
        const followed = new DecoderBench(small);
        followed.udpFollowedBy(payload, noise, options);
        expect(followed.finish()).toEqual(plain.finish());
        expect(followed.counters()).toEqual(plain.counters());
      }),
      { numRuns: 500 },
    );
  });
});
