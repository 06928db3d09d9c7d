import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { ipFrame } from "../../runtime/plugin/testing/ip-frame.js";
import {
  ECHO,
  HOST,
  hex,
  NEIGHBOR,
  plugin,
  QUOTED,
  QUOTED6,
  rowsOf,
  SOURCE_OPTION,
  TO_CLIENT,
  TO_CLIENT6,
  TO_SERVER,
  TO_SERVER6,
  verdictOf,
} from "./testing/messages.js";

describe("verdicts", () => {
  it("make a row of type and code where nothing more is known", () => {
    expect(rowsOf([hex("28 05 0000"), TO_CLIENT])).toMatchObject([{ kind: "UNSPECIFIED", type: 40, code: 5 }]);
    expect(rowsOf([hex("9b 01 0000 00"), TO_CLIENT6])).toMatchObject([{ kind: "UNSPECIFIED", type: 155, code: 1 }]);
  });

  it.each([
    ["less than a header", hex("0800 00"), TO_CLIENT],
    ["an echo", hex("08 00 0000 1234 00"), TO_CLIENT],
    ["a neighbour solicitation", hex("87 00 0000 00000000", NEIGHBOR.slice(2)), TO_CLIENT6],
    ["a router advertisement", hex("86 00 0000 40 00 0708 00000000 000000"), TO_CLIENT6],
    ["a redirect", hex("89 00 0000 00000000", NEIGHBOR, HOST.slice(2)), TO_CLIENT6],
    ["a report of version 2", hex("8f 00 0000 0000 00"), TO_CLIENT6],
    ["a report of version 1", hex("83 00 0000 0000 0000", HOST.slice(2)), TO_CLIENT6],
  ])("distinguish %s that is too short from a truncated one", (_, message, ends) => {
    expect(verdictOf(message, ends)).toMatchObject({ rows: 0, malformed: 1 });
    const whole = Buffer.concat([message, Buffer.alloc(64)]);
    const captured = 14 + (ends.ipProtocol === 1 ? 20 : 40) + message.length;
    expect(verdictOf(whole, ends, captured)).toMatchObject({ rows: 0, truncated: 1 });
  });

  it("leave each protocol to its own IP version", () => {
    expect(verdictOf(ECHO, { ...TO_SERVER, ipProtocol: 58 })).toMatchObject({ rows: 0, notMine: 1 });
    expect(verdictOf(ECHO, { ...TO_SERVER6, ipProtocol: 1 })).toMatchObject({ rows: 0, notMine: 1 });
  });

  it("are given for any bytes, one each, and one row for each accepted message at most", () => {
    const types = fc.constantFrom(
      0,
      3,
      5,
      8,
      9,
      11,
      12,
      14,
      18,
      42,
      43,
      1,
      2,
      4,
      129,
      130,
      134,
      135,
      136,
      137,
      143,
      161,
    );
    const messages = fc
      .tuple(types, fc.constantFrom(0, 0x20, 0x10), fc.uint8Array({ maxLength: 200 }))
      .map(([type, length, body]) => Buffer.concat([Buffer.from([type, 0, 0, 0, length, length]), body]));
    const bench = new DecoderBench(plugin);
    let frames = 0;
    fc.assert(
      fc.property(messages, fc.boolean(), fc.nat(300), (message, isIpv4, cut) => {
        const frame = ipFrame(message, isIpv4 ? TO_CLIENT : TO_CLIENT6);
        bench.frame(frame, { capturedBytes: Math.min(frame.length, cut) });
        const { accepted, truncated, malformed, notMine } = bench.counters();
        // Below an IP header no plugin is asked.
        if (cut >= (isIpv4 ? 34 : 54)) frames++;
        expect(accepted + truncated + malformed + notMine).toBe(frames);
      }),
      { numRuns: 1000 },
    );
    bench.finish();
    const { rows, accepted, malformed } = bench.counters();
    expect(rows).toBeLessThanOrEqual(accepted + malformed);
  });

  it("survive changes of real messages", async () => {
    const sample = [
      hex(
        "86 00 0000 40 f8 0708 00007530 000003e8",
        SOURCE_OPTION,
        "1f 04 0000 00000384 07 6578616d706c65 03 636f6d 00",
        "00".repeat(11),
      ),
      hex("0b 00 0000 00 20 0000", QUOTED, "00".repeat(100), "2000 0000 000c 01 01 03e81a01 000031fe"),
      hex("89 00 0000 00000000", NEIGHBOR, HOST, "04 07 0000 00000000", QUOTED6),
    ];
    const changed = fc
      .tuple(fc.constantFrom(...sample), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }))
      .map(([message, changes]) => {
        const copy = new Uint8Array(message);
        for (const [at, value] of changes) copy[at] = value;
        return copy;
      });
    fc.assert(
      fc.property(changed, fc.boolean(), (message, isIpv4) => {
        expect(rowsOf([message, isIpv4 ? TO_CLIENT : TO_CLIENT6]).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
