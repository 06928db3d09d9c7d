import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { ipFrame } from "../../runtime/plugin/testing/ip-frame.js";
import {
  CLIENT,
  CLIENT6,
  ECHO,
  hex,
  plugin,
  rowsOf,
  SERVER,
  TO_CLIENT,
  TO_CLIENT6,
  TO_SERVER,
  TO_SERVER6,
} from "./testing/messages.js";

const ECHO_REPLY = hex("00 00 0000 1234 0007", "61".repeat(56));

describe("an echo", () => {
  it("is one row of request and reply", () => {
    expect(rowsOf([ECHO, TO_SERVER], [ECHO_REPLY, { ...TO_CLIENT, atSeconds: 0.0125 }])).toMatchObject([
      {
        kind: "ECHO",
        state: "COMPLETE",
        src_address: CLIENT,
        dst_address: SERVER,
        src_port: 8,
        dst_port: 0,
        type: 8,
        code: 0,
        reason: null,
        hop_limit: 64,
        latency: "0.012500s",
        frame_number: 1,
        response_frame: 2,
        response_code: 0,
        response_hop_limit: 63,
        identifier: 0x1234,
        sequence_number: 7,
        data_length: 56,
        inner_src_address: null,
        malformed: false,
      },
    ]);
  });

  it("is one row over IPv6 too", () => {
    const request = hex("80 00 0000 1234 0007 6869");
    const reply = hex("81 00 0000 1234 0007 6869");
    expect(rowsOf([request, TO_SERVER6], [reply, { ...TO_CLIENT6, atSeconds: 1 }])).toMatchObject([
      { kind: "ECHO", state: "COMPLETE", type: 128, latency: "1s", data_length: 2, src_address: CLIENT6 },
    ]);
  });

  it("is answered by any host if it is sent to a group", () => {
    const request = hex("80 00 0000 1234 0007");
    const reply = hex("81 00 0000 1234 0007");
    expect(rowsOf([request, { ...TO_SERVER6, dstAddress: "ff02::1" }], [reply, TO_CLIENT6])).toMatchObject([
      { state: "COMPLETE", dst_address: "ff02::1" },
    ]);
  });

  it("in fragments is one, when it is whole", () => {
    /** A fragment of an echo: IPv4's flags and offset, which are in bytes 6 and 7 of its header, after 14 of Ethernet. */
    const fragment = (payload: Uint8Array, flagsAndOffset: number) => {
      const frame = ipFrame(payload, TO_SERVER);
      new DataView(frame.buffer).setUint16(20, flagsAndOffset);
      return frame;
    };
    const bench = new DecoderBench(plugin);
    bench.frame(fragment(ECHO.subarray(0, 40), 0x2000)); // more fragments
    expect(bench.counters()).toMatchObject({ accepted: 0 });
    bench.frame(fragment(ECHO.subarray(40), 40 / 8));
    bench.ip(ECHO_REPLY, TO_CLIENT);
    expect(bench.finish()).toMatchObject([{ state: "COMPLETE", frame_number: 2, response_frame: 3, data_length: 56 }]);
  });

  it("is unanswered after half a minute", () => {
    const bench = new DecoderBench(plugin);
    bench.ip(ECHO, TO_SERVER);
    bench.advance(29.9);
    expect(bench.rows()).toEqual([]);
    bench.advance(30.001);
    expect(bench.rows()).toMatchObject([{ state: "UNANSWERED", latency: null, response_frame: null }]);
  });

  it("of a lone reply is a row from who would have asked", () => {
    expect(rowsOf([ECHO_REPLY, TO_CLIENT])).toMatchObject([
      {
        state: "UNSOLICITED",
        type: 0,
        src_address: CLIENT,
        dst_address: SERVER,
        src_port: 0,
        dst_port: 0,
        response_frame: 1,
        hop_limit: 63,
        identifier: 0x1234,
      },
    ]);
  });

  it("has the ports' places of a lone reply as its type and code, not exchanged", () => {
    // Extended echo reply, type 43, code 2: no such interface
    expect(rowsOf([hex("2b 02 0000 0001 02 00"), TO_CLIENT])).toMatchObject([
      { src_address: CLIENT, src_port: 43, dst_port: 2, response_code: 2, sequence_number: 2, interface_active: false },
    ]);
  });

  it.each([
    ["identifier", hex("00 00 0000 1235 0007")],
    ["sequence number", hex("00 00 0000 1234 0008")],
    ["kind", hex("0e 00 0000 1234 0007", "00".repeat(12))],
  ])("has a reply of the same %s", (_, reply) => {
    expect(rowsOf([ECHO, TO_SERVER], [reply, TO_CLIENT])).toMatchObject([
      { state: "UNSOLICITED" },
      { state: "UNANSWERED" },
    ]);
  });
});

describe("other queries", () => {
  it("give the times of a timestamp reply", () => {
    const request = hex("0d 00 0000 0001 0002 02ad2f00 00000000 00000000");
    const reply = hex("0e 00 0000 0001 0002 02ad2f00 02ad2f05 02ad2f06");
    expect(rowsOf([request, TO_SERVER], [reply, TO_CLIENT])).toMatchObject([
      {
        kind: "TIMESTAMP",
        state: "COMPLETE",
        originate_timestamp: 0x02ad2f00,
        receive_timestamp: 0x02ad2f05,
        transmit_timestamp: 0x02ad2f06,
        data_length: null,
      },
    ]);
    expect(rowsOf([request, TO_SERVER])).toMatchObject([{ state: "UNANSWERED", receive_timestamp: 0 }]);
  });

  it("give the mask of an address mask reply", () => {
    expect(
      rowsOf([hex("11 00 0000 0001 0002 00000000"), TO_SERVER], [hex("12 00 0000 0001 0002 ffffff00"), TO_CLIENT]),
    ).toMatchObject([{ kind: "ADDRESS_MASK", state: "COMPLETE", address_mask: "255.255.255.0" }]);
  });

  it("tell of the interface that an extended echo asks for (RFC 8335)", () => {
    // Sequence 5, L; extension version 2; object of class 3 by address: family 1, 4 bytes
    const request = hex("2a 00 0000 0001 05 01 2000 0000 000c 03 03 0001 04 00 c6336435");
    // State 0, A and 4
    const reply = hex("2b 00 0000 0001 05 06");
    expect(rowsOf([request, TO_SERVER], [reply, TO_CLIENT])).toMatchObject([
      {
        kind: "EXTENDED_ECHO",
        state: "COMPLETE",
        sequence_number: 5,
        interface_address: "198.51.100.53",
        interface_active: true,
        malformed: false,
      },
    ]);
  });
});
