import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import {
  hex,
  message,
  option,
  option6,
  plugin,
  rowsOf,
  TO_CLIENT,
  TO_CLIENT6,
  TO_SERVER,
  TO_SERVERS6,
  verdictOf,
} from "./testing/messages.js";

const DISCOVER = message(option(53, "01"));
const OFFER = message(option(53, "02"), { first: "02 01 06 00" });

describe("a server's message", () => {
  it("tells how long after the client's it came, whatever the addresses", () => {
    expect(
      rowsOf(
        [DISCOVER, TO_SERVER],
        [OFFER, { ...TO_CLIENT, atSeconds: 0.25 }],
        [OFFER, { ...TO_CLIENT, srcAddress: "192.0.2.54", atSeconds: 0.5 }],
        [message(option(53, "03")), { ...TO_SERVER, atSeconds: 1 }],
        [message(option(53, "05"), { first: "02 01 06 00" }), { ...TO_CLIENT, atSeconds: 1.125 }],
      ),
    ).toMatchObject([
      { message_type: "DISCOVER", latency: null, request_frame: null },
      { message_type: "OFFER", latency: "0.250s", request_frame: 1 },
      { message_type: "OFFER", latency: "0.500s", request_frame: 1 },
      { message_type: "REQUEST", latency: null },
      { message_type: "ACK", latency: "0.125s", request_frame: 4 },
    ]);
  });

  it.each([
    ["another transaction", message(option(53, "02"), { first: "02 01 06 00", xid: "12345679" }), 0.1],
    ["another client", message(option(53, "02"), { first: "02 01 06 00", chaddr: "020000000002" }), 0.1],
    ["a transaction of long ago", OFFER, 61],
  ])("is not of %s", (_, reply, atSeconds) => {
    expect(rowsOf([DISCOVER, TO_SERVER], [reply, { ...TO_CLIENT, atSeconds }])).toMatchObject([
      {},
      { latency: null, request_frame: null },
    ]);
  });

  it("finds the client's among those of thousands, the latest ones", () => {
    const bench = new DecoderBench(plugin);
    const xid = (i: number) => i.toString(16).padStart(8, "0");
    for (let i = 0; i < 20_000; i++) bench.udp(message("", { xid: xid(i) }), { ...TO_SERVER, atSeconds: i / 1e4 });
    bench.rows();
    for (const i of [0, 19_999]) bench.udp(message("", { first: "02 01 06 00", xid: xid(i) }), TO_CLIENT);
    expect(bench.finish()).toMatchObject([{ request_frame: null }, { request_frame: 20_000 }]);
  });

  it("of DHCPv6 is recognized by its type", () => {
    const id = option6(1, "0003 0001 020000000001");
    expect(
      rowsOf(
        [hex("0b 000001", id), TO_SERVERS6],
        [hex("07 000001", id), { ...TO_CLIENT6, atSeconds: 0.002 }],
        [hex("07 000001", option6(1, "0003 0001 020000000002")), TO_CLIENT6],
      ),
    ).toMatchObject([{ latency: null }, { latency: "0.002s", request_frame: 1 }, { latency: null }]);
  });
});

describe("versions", () => {
  it.each([
    [68, 67, 4],
    [67, 67, 4],
    [67, 68, 4],
    [67, 50000, 4],
    [546, 547, 6],
    [547, 50000, 6],
    [50000, 546, 6],
    [546, 67, 4],
  ])("of datagrams from port %i to %i", (srcPort, dstPort, version) => {
    const payload = version === 4 ? DISCOVER : hex("01 123456");
    expect(rowsOf([payload, { srcPort, dstPort }])).toMatchObject([{ version }]);
  });
});

describe("verdicts", () => {
  it("distinguish a truncated header from one that is too short", () => {
    expect(verdictOf(DISCOVER.subarray(0, 235), TO_SERVER)).toMatchObject({ rows: 0, malformed: 1 });
    expect(verdictOf(DISCOVER, { ...TO_SERVER, capturedBytes: 14 + 28 + 235 })).toMatchObject({
      rows: 0,
      truncated: 1,
    });
    expect(verdictOf(hex("01 1234"), TO_SERVERS6)).toMatchObject({ rows: 0, malformed: 1 });
    expect(verdictOf(hex("01 123456"), { ...TO_SERVERS6, capturedBytes: 14 + 48 + 3 })).toMatchObject({
      rows: 0,
      truncated: 1,
    });
    expect(verdictOf(hex(""), TO_SERVER)).toMatchObject({ rows: 0, malformed: 1 });
  });

  it("accept options that the capture truncated, and no others", () => {
    const cut = message(option(53, "01") + option(12, "616263"));
    expect(verdictOf(cut, { ...TO_SERVER, capturedBytes: 14 + 28 + cut.length - 1 })).toMatchObject({
      rows: 1,
      accepted: 1,
    });
    expect(verdictOf(cut.subarray(0, -1), TO_SERVER)).toMatchObject({ rows: 1, malformed: 1 });
  });

  it("recognize what is not DHCP", () => {
    expect(verdictOf(message("", { first: "03 01 06 00" }), TO_SERVER)).toMatchObject({ rows: 0, notMine: 1 });
    expect(verdictOf(message("", { first: "01 01 11 00" }), TO_SERVER)).toMatchObject({ rows: 0, notMine: 1 });
    expect(verdictOf(hex("00 123456"), TO_SERVERS6)).toMatchObject({ rows: 0, notMine: 1 });
  });

  it("are given for any bytes, one each", () => {
    const payloads = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.uint8Array({ maxLength: 200 }).map((options) => Buffer.concat([message(""), options])),
      fc
        .tuple(fc.nat(15), fc.uint8Array({ maxLength: 200 }))
        .map(([type, options]) => Buffer.concat([Buffer.from([type, 0, 0, 1]), options])),
      fc
        .array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 30 })), { maxLength: 12 })
        .map((options) =>
          message(options.map(([code, value]) => option(code, Buffer.from(value).toString("hex"))).join("")),
        ),
      fc
        .array(fc.tuple(fc.nat(120), fc.uint8Array({ maxLength: 60 })), { maxLength: 8 })
        .map((options) =>
          hex(
            "0c 00",
            "00".repeat(32),
            option6(
              9,
              `07 000001${options.map(([code, value]) => option6(code, Buffer.from(value).toString("hex"))).join("")}`,
            ),
          ),
        ),
    );
    const bench = new DecoderBench(plugin);
    let datagrams = 0;
    fc.assert(
      fc.property(payloads, fc.constantFrom(TO_SERVER, TO_CLIENT, TO_SERVERS6, TO_CLIENT6), (payload, ends) => {
        bench.udp(payload, ends);
        const { rows, accepted, truncated, malformed, notMine } = bench.counters();
        expect(accepted + truncated + malformed + notMine).toBe(++datagrams);
        expect(rows).toBeLessThanOrEqual(accepted + malformed);
      }),
      { numRuns: 1000 },
    );
    expect(bench.finish().length).toBe(bench.counters().rows);
  });
});
