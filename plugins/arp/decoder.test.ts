import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type FrameOptions } from "../../runtime/plugin/testing/decoder-bench.js";

const plugin = findPlugin(registry.plugins, "arp");

const A = "020000000001";
const B = "020000000002";
const C = "020000000003";
const NOBODY = "000000000000";
// 192.0.2.1, 192.0.2.2, 0.0.0.0
const ADDRESS_A = "c0000201";
const ADDRESS_B = "c0000202";
const NO_ADDRESS = "00000000";

const hex = (...parts: readonly string[]) => Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");

/** An Ethernet frame of ARP for IPv4 with operation, sender and target; tags and Ethernet type may be given. */
const arp = (operation: string, sender: string, target: string, etherType = "0806") =>
  hex("ffffffffffff", A, etherType, "0001 0800 06 04", operation, sender, target);

const ASK_B = arp("0001", A + ADDRESS_A, NOBODY + ADDRESS_B);
const B_ANSWERS = arp("0002", B + ADDRESS_B, A + ADDRESS_A);
/** A request of a host for its own address. */
const claim = (mac: string, address: string, etherType?: string) =>
  arp("0001", mac + address, NOBODY + address, etherType);

type Sent = readonly [Uint8Array, FrameOptions?];

function rowsOf(...frames: readonly Sent[]) {
  const bench = new DecoderBench(plugin);
  for (const [frame, options] of frames) bench.frame(frame, options);
  return bench.finish().sort((a, b) => Number(a["frame_number"]) - Number(b["frame_number"]));
}

function verdictOf(frame: Uint8Array, capturedBytes = frame.length) {
  const bench = new DecoderBench(plugin);
  bench.frame(frame, { capturedBytes });
  bench.finish();
  const { rows, accepted, truncated, malformed, notMine } = bench.counters();
  return { rows, accepted, truncated, malformed, notMine };
}

describe("request and reply", () => {
  it("are a row each, and the request's tells of the reply", () => {
    expect(rowsOf([ASK_B], [B_ANSWERS, { atSeconds: 0.0004 }])).toMatchObject([
      {
        frame_number: 1,
        src_address: null,
        operation: "REQUEST",
        kind: "ORDINARY",
        state: "COMPLETE",
        latency: "0.000400s",
        response_frame: 2,
        hardware_type: 1,
        protocol_type: 0x0800,
        sender_mac: "02:00:00:00:00:01",
        sender_address: "192.0.2.1",
        target_mac: "00:00:00:00:00:00",
        target_address: "192.0.2.2",
        sender_hardware: null,
        sender_protocol: null,
        target_hardware: null,
        target_protocol: null,
        conflict: false,
        conflict_mac: null,
      },
      {
        frame_number: 2,
        operation: "REPLY",
        state: "COMPLETE",
        latency: null,
        response_frame: null,
        sender_mac: "02:00:00:00:00:02",
        sender_address: "192.0.2.2",
        target_mac: "02:00:00:00:00:01",
        target_address: "192.0.2.1",
      },
    ]);
  });

  it("do not belong together for other addresses, even under one key", () => {
    // The key is sender · 0x9e3779b1 xor target (mod 2^32): 0.0.0.1 for x and 0.0.0.2 for y have one where
    // y = x ^ 0x9e3779b1 ^ 0x3c6ef362.
    const first = arp("0001", `${A}00000001`, NOBODY + ADDRESS_B);
    const other = (0xc0000202 ^ 0x9e3779b1 ^ 0x3c6ef362) >>> 0;
    const reply = arp("0002", B + other.toString(16).padStart(8, "0"), `${A}00000002`);
    expect(rowsOf([first], [reply])).toMatchObject([{ state: "UNANSWERED" }, { state: "UNSOLICITED" }]);
    expect(rowsOf([first], [reply], [arp("0002", B + ADDRESS_B, `${A}00000001`)])).toMatchObject([
      { state: "COMPLETE", response_frame: 3 },
      { state: "UNSOLICITED" },
      { state: "COMPLETE" },
    ]);
  });

  it("are alone without the other", () => {
    const bench = new DecoderBench(plugin);
    bench.frame(ASK_B);
    bench.advance(9.9);
    expect(bench.rows()).toEqual([]);
    bench.advance(10.001);
    expect(bench.rows()).toMatchObject([{ state: "UNANSWERED", latency: null, response_frame: null }]);
    bench.frame(B_ANSWERS, { atSeconds: 10.1 });
    expect(bench.rows()).toMatchObject([{ state: "UNSOLICITED" }]);
  });

  it("are one of a request that was sent again, and a reply that comes again is REPEATED", () => {
    expect(
      rowsOf([ASK_B], [ASK_B, { atSeconds: 1 }], [B_ANSWERS, { atSeconds: 1.25 }], [B_ANSWERS, { atSeconds: 1.5 }]),
    ).toMatchObject([
      { state: "COMPLETE", latency: "1.250s", retransmissions: 1 },
      { state: "COMPLETE" },
      { state: "REPEATED" },
    ]);
  });

  it("may be seen in different VLANs", () => {
    const tagged = arp("0002", B + ADDRESS_B, A + ADDRESS_A, "8100 0007 0806");
    expect(rowsOf([ASK_B], [tagged])).toMatchObject([
      { state: "COMPLETE", vlan_id: 0, reverse_tags: ["vlan:7"] },
      { state: "COMPLETE", vlan_id: 7 },
    ]);
  });
});

describe("kinds", () => {
  it.each([
    ["a request", "0001", A + ADDRESS_A, NOBODY + ADDRESS_B, "ORDINARY", "UNANSWERED"],
    ["a probe", "0001", A + NO_ADDRESS, NOBODY + ADDRESS_A, "PROBE", "UNANSWERED"],
    ["a probe to the broadcast address", "0001", A + NO_ADDRESS, `ffffffffffff${ADDRESS_A}`, "PROBE", "UNANSWERED"],
    ["an announcement", "0001", A + ADDRESS_A, NOBODY + ADDRESS_A, "ANNOUNCEMENT", "NONE"],
    ["a gratuitous reply", "0002", A + ADDRESS_A, `ffffffffffff${ADDRESS_A}`, "GRATUITOUS", "NONE"],
    ["a reply to no host", "0002", A + ADDRESS_A, B + NO_ADDRESS, "ORDINARY", "UNSOLICITED"],
    ["zeros", "0001", A + NO_ADDRESS, NOBODY + NO_ADDRESS, "PROBE", "NONE"],
    ["an InARP request", "0008", A + ADDRESS_A, B + NO_ADDRESS, "ORDINARY", "NONE"],
  ])("%s", (_, operation, sender, target, kind, state) => {
    expect(rowsOf([arp(operation, sender, target)])).toMatchObject([{ kind, state }]);
  });

  it("of RARP are ordinary", () => {
    expect(rowsOf([arp("0003", A + NO_ADDRESS, A + NO_ADDRESS, "8035")])).toMatchObject([
      { operation: "RARP_REQUEST", kind: "ORDINARY", state: "NONE", sender_mac: "02:00:00:00:00:01" },
    ]);
  });
});

describe("claims", () => {
  it("of a second MAC conflict with those of the first", () => {
    expect(
      rowsOf(
        [claim(A, ADDRESS_A)],
        [claim(B, ADDRESS_A), { atSeconds: 1 }],
        [claim(B, ADDRESS_A), { atSeconds: 3 }],
        [arp("0002", A + ADDRESS_A, C + ADDRESS_B), { atSeconds: 7 }],
      ),
    ).toMatchObject([
      { conflict: false, conflict_mac: null, conflict_frame: null, conflict_age: null },
      { conflict: true, conflict_mac: "02:00:00:00:00:01", conflict_frame: 1, conflict_age: "1s" },
      { conflict: true, conflict_mac: "02:00:00:00:00:01", conflict_frame: 1, conflict_age: "3s" },
      { conflict: true, conflict_mac: "02:00:00:00:00:02", conflict_frame: 3, conflict_age: "4s" },
    ]);
  });

  it("are a move twenty minutes later", () => {
    expect(
      rowsOf([claim(A, ADDRESS_A)], [claim(B, ADDRESS_A), { atSeconds: 1200.5 }], [claim(C, ADDRESS_A)]),
    ).toMatchObject([{ conflict: false }, { conflict: false }, { conflict: true, conflict_frame: 2 }]);
  });

  it("are not made by probes, nor by other VLANs", () => {
    expect(
      rowsOf(
        [claim(A, ADDRESS_A)],
        [arp("0001", B + NO_ADDRESS, NOBODY + ADDRESS_A)],
        [claim(B, ADDRESS_A, "8100 0007 0806")],
        [claim(A, NO_ADDRESS)],
        [claim(B, NO_ADDRESS)],
      ).map((row) => row["conflict"]),
    ).toEqual([false, false, false, false, false]);
  });

  it("are forgotten, the oldest first, when there are too many", () => {
    const bench = new DecoderBench(plugin);
    const numbered = (i: number) => (0x0a000000 + i).toString(16).padStart(8, "0");
    for (let i = 0; i < 50_000; i++) bench.frame(claim(A, numbered(i)));
    bench.rows();
    bench.frame(claim(B, numbered(0)));
    bench.frame(claim(B, numbered(49_999)));
    expect(bench.rows()).toMatchObject([{ conflict: false }, { conflict: true, conflict_frame: 50_000 }]);
  });

  it("are a capture's own", () => {
    rowsOf([claim(A, ADDRESS_A)]);
    expect(rowsOf([claim(B, ADDRESS_A)])).toMatchObject([{ conflict: false }]);
  });
});

describe("other hardware and protocols", () => {
  it("have addresses of their own lengths", () => {
    // Hardware type 32, InfiniBand: 20 bytes; protocol type 0x0804 with 2 bytes
    const infiniBand = hex(
      "ffffffffffff",
      A,
      "0806 0020 0804 14 02 0001",
      "11".repeat(20),
      "0102",
      "00".repeat(20),
      "0103",
    );
    expect(rowsOf([infiniBand])).toMatchObject([
      {
        hardware_type: 32,
        protocol_type: 0x0804,
        sender_mac: null,
        sender_address: null,
        sender_hardware: "11".repeat(20),
        sender_protocol: "0102",
        target_hardware: "00".repeat(20),
        target_protocol: "0103",
      },
    ]);
  });

  it("are truncated at 32 bytes", () => {
    const long = hex(
      "ffffffffffff",
      A,
      "0806 0020 0800 21 04 0001",
      "11".repeat(33),
      ADDRESS_A,
      "00".repeat(33),
      ADDRESS_B,
    );
    expect(rowsOf([long])).toMatchObject([
      { sender_hardware: "11".repeat(32), target_address: "192.0.2.2", limit_reached: true },
    ]);
  });

  it("are not ATM's, whose format is another", () => {
    expect(verdictOf(hex("ffffffffffff", A, "0806 0013 0800 06 00 0001", A, ADDRESS_A, "00".repeat(20)))).toMatchObject(
      {
        rows: 0,
        notMine: 1,
      },
    );
  });
});

describe("verdicts", () => {
  it("distinguish a truncated packet from one that is too short", () => {
    for (let length = 14; length < ASK_B.length; length++) {
      expect(verdictOf(ASK_B, length)).toMatchObject({ rows: 0, truncated: 1 });
      expect(verdictOf(ASK_B.subarray(0, length))).toMatchObject({ rows: 0, malformed: 1 });
    }
    expect(verdictOf(Buffer.concat([ASK_B, Buffer.alloc(18)]))).toMatchObject({ rows: 1, accepted: 1 });
  });

  it("are given for any bytes, one each", () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      // A request or reply with some bytes replaced
      fc
        .tuple(fc.constantFrom(ASK_B, B_ANSWERS), fc.array(fc.tuple(fc.nat(27), fc.nat(255)), { maxLength: 4 }))
        .map(([frame, changes]) => {
          const body = new Uint8Array(frame.subarray(14));
          for (const [at, value] of changes) body[at] = value;
          return body;
        }),
    );
    const bench = new DecoderBench(plugin);
    let frames = 0;
    fc.assert(
      fc.property(bodies, (body) => {
        bench.frame(Buffer.concat([hex("ffffffffffff", A, "0806"), body]));
        const { accepted, truncated, malformed, notMine } = bench.counters();
        expect(accepted + truncated + malformed + notMine).toBe(++frames);
      }),
    );
    // Of requests that are sent again one row is made.
    const sent = bench.finish().map((row) => 1 + (row["retransmissions"] as number));
    expect(sent.reduce((sum, count) => sum + count, 0)).toBe(bench.counters().accepted);
  });
});
