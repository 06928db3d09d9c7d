import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { decodeUdp, findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";

const plugin = findPlugin(registry.plugins, "ntp");
const ENDS = { srcPort: 123, dstPort: 40000 };

const hex = (digits: string) => Buffer.from(digits.replaceAll(/\s/g, ""), "hex");

/** A packet of RFC 5905, section 7.3, figure 8, with some of its fields replaced. */
function packet(fields: Readonly<Record<string, string>> = {}): Buffer {
  const all = {
    first: "24", // leap 0, version 4, mode 4
    stratum: "02",
    poll: "06",
    precision: "ec", // -20
    rootDelay: "00010000",
    rootDispersion: "00008000",
    referenceId: "c0000201",
    reference: "876ce580 00000000", // 1972-01-01 00:00:00 is 2272060800 (RFC 5905, figure 4)
    origin: "bc17c200 00000000", // 2000-01-01 00:00:00 is 3155673600
    receive: "bc17c200 80000000", // half a second later
    transmit: "bc17c200 00000001", // 2^-32 s later
    ...fields,
  };
  return hex(Object.values(all).join(""));
}

const decode = (payload: Uint8Array) => decodeUdp(plugin, payload, ENDS);

function verdictOf(payload: Uint8Array, capturedBytes?: number) {
  const bench = new DecoderBench(plugin);
  bench.udp(payload, capturedBytes === undefined ? ENDS : { ...ENDS, capturedBytes });
  const { rows, accepted, truncated, malformed } = bench.counters();
  return { rows, accepted, truncated, malformed };
}

describe("a time packet", () => {
  it("has the fields of RFC 5905, figure 8", () => {
    expect(decode(packet())).toMatchObject([
      {
        src_port: 123,
        leap: "NONE",
        version: 4,
        mode: "SERVER",
        stratum: 2,
        poll: 6,
        precision: -20,
        root_delay: "1s",
        root_dispersion: "0.500s",
        reference_id: "c0000201",
        reference_time: "1972-01-01T00:00:00.000000000Z",
        origin_time: "2000-01-01T00:00:00.000000000Z",
        receive_time: "2000-01-01T00:00:00.500000000Z",
        transmit_time: "2000-01-01T00:00:00.000000000Z",
      },
    ]);
  });

  // Seconds of RFC 5905, figure 4, where there is one.
  it.each([
    ["no time", "00000000 00000000", null],
    ["the last day of era 0, 2036-02-07 06:28:15", "ffffffff 00000000", "2036-02-07T06:28:15.000000000Z"],
    ["the first second of era 1", "00000000 00000001", "2036-02-07T06:28:16.000000000Z"],
    ["a time before 1970, which is none of a clock's", "80000000 00000000", null],
    ["the greatest fraction", "bc17c200 ffffffff", "2000-01-01T00:00:00.999999999Z"],
  ])("reads %s", (_, transmit, expected) => {
    expect(decode(packet({ transmit }))).toMatchObject([{ transmit_time: expected }]);
  });

  it.each([
    ["63", "INSERT", 4, "CLIENT"],
    ["9b", "DELETE", 3, "CLIENT"],
    ["e5", "UNSYNCHRONIZED", 4, "BROADCAST"],
    ["21", "NONE", 4, "SYMMETRIC_ACTIVE"],
    ["22", "NONE", 4, "SYMMETRIC_PASSIVE"],
  ])("parts the first byte %s", (first, leap, version, mode) => {
    expect(decode(packet({ first }))).toMatchObject([{ leap, version, mode }]);
  });

  it("reads signed exponents and the greatest short times", () => {
    const [row] = decode(packet({ poll: "fd", precision: "80", rootDelay: "ffffffff" }));
    // 65535 + 65535/65536 s, down to whole nanoseconds
    expect(row).toMatchObject({ poll: -3, precision: -128, root_delay: "65535.999984741s" });
  });

  it("may have extension fields and a code after it", () => {
    expect(decode(Buffer.concat([packet(), hex("00000001 00112233445566778899aabbccddeeff")]))).toHaveLength(1);
  });
});

describe("control and private messages", () => {
  it("give version and mode only, however short", () => {
    // RFC 9327, section 2: leap 0, version 2, mode 6; a read-status request
    expect(decode(hex("16 02 0001 0000 0000 0000 0000"))).toMatchObject([
      { version: 2, mode: "CONTROL", stratum: 0, reference_id: "", transmit_time: null },
    ]);
    // RFC 5905, appendix B of mode 7: the upper bits are response and more, no leap indicator
    expect(decode(hex("d7"))).toMatchObject([{ leap: "NONE", version: 2, mode: "PRIVATE" }]);
  });
});

describe("verdicts", () => {
  it("says truncated of an empty datagram and of a header that is incomplete", () => {
    expect(verdictOf(hex(""))).toMatchObject({ rows: 0, truncated: 1 });
    expect(verdictOf(packet().subarray(0, 47))).toMatchObject({ rows: 0, truncated: 1 });
    expect(verdictOf(packet(), 80)).toMatchObject({ rows: 0, truncated: 1 });
    expect(verdictOf(packet())).toMatchObject({ rows: 1, accepted: 1 });
  });

  it("reports version 0 and the reserved mode as malformed", () => {
    expect(verdictOf(packet({ first: "04" }))).toMatchObject({ rows: 0, malformed: 1 });
    expect(verdictOf(packet({ first: "20" }))).toMatchObject({ rows: 0, malformed: 1 });
  });

  it("are given for any bytes, one each", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (payload) => {
        const { rows, accepted, truncated, malformed } = verdictOf(payload);
        expect(accepted + truncated + malformed).toBe(1);
        expect(rows).toBe(accepted);
      }),
    );
  });
});
