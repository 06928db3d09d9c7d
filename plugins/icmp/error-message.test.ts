import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import {
  CLIENT,
  CLIENT6,
  hex,
  plugin,
  QUOTED,
  QUOTED6,
  rowsOf,
  SERVER,
  TO_CLIENT,
  TO_CLIENT6,
} from "./testing/messages.js";

describe("an error", () => {
  it("describes the packet that it quotes", () => {
    expect(rowsOf([hex("03 03 0000 00000000", QUOTED), TO_CLIENT])).toMatchObject([
      {
        kind: "DESTINATION_UNREACHABLE",
        state: "NONE",
        reason: "PORT_UNREACHABLE",
        src_address: SERVER,
        inner_src_address: CLIENT,
        inner_dst_address: "198.51.100.7",
        inner_transport: "UDP",
        inner_src_port: 40000,
        inner_dst_port: 123,
        inner_hop_limit: 1,
        inner_length: 48,
        inner_identifier: null,
        mtu: null,
        pointer: null,
        quoted_length: null,
        malformed: false,
      },
    ]);
  });

  it("has the Community ID of the conversation that it is about", () => {
    const ntp = findPlugin(registry.plugins, "ntp");
    const bench = new DecoderBench(plugin, ntp);
    const datagram = hex("9c40 007b 0009 0000 d7");
    bench.ip(datagram, { srcAddress: CLIENT, dstAddress: "198.51.100.7", ipProtocol: 17 });
    bench.ip(hex("03 03 0000 00000000", QUOTED), TO_CLIENT);
    const [conversation] = bench.finish("ntp");
    const [error] = bench.rows("icmp");
    expect(error!["inner_community_id"]).toBe(conversation!["community_id"]);
    expect(error!["community_id"]).not.toBe(conversation!["community_id"]);
  });

  it.each([
    ["an IPv4 router's MTU", "03 04 0000 0000 0578", { reason: "FRAGMENTATION_NEEDED", mtu: 1400 }],
    ["a pointer", "0c 00 0000 14 000000", { reason: "ERRONEOUS_HEADER", pointer: 20 }],
    ["a better gateway", "05 01 0000 c0000263", { reason: "REDIRECT_FOR_HOST", gateway: "192.0.2.99" }],
    ["a code without a name", "03 63 0000 00000000", { reason: "UNSPECIFIED", code: 0x63 }],
    ["source quench", "04 00 0000 00000000", { kind: "SOURCE_QUENCH", reason: null }],
  ])("has %s", (_, header, expected) => {
    expect(rowsOf([hex(header, QUOTED), TO_CLIENT])).toMatchObject([{ ...expected, inner_dst_port: 123 }]);
  });

  it.each([
    ["no route", "01 00 0000 00000000", { reason: "NETWORK_UNREACHABLE" }],
    ["too big", "02 00 0000 00000578", { kind: "PACKET_TOO_BIG", reason: "FRAGMENTATION_NEEDED", mtu: 1400 }],
    ["hop limit", "03 00 0000 00000000", { kind: "TIME_EXCEEDED", reason: "HOP_LIMIT_EXCEEDED" }],
    ["next header", "04 01 0000 00000028", { reason: "UNRECOGNIZED_NEXT_HEADER", pointer: 40 }],
  ])("is the same over IPv6: %s", (_, header, expected) => {
    expect(rowsOf([hex(header, QUOTED6), TO_CLIENT6])).toMatchObject([
      { ...expected, inner_src_address: CLIENT6, inner_dst_port: 123, inner_hop_limit: 3, inner_length: 60 },
    ]);
  });

  it("names a quoted echo, as traceroutes need", () => {
    const quoted = "45 00 003c 0001 0000 01 01 0000 c0000201 c6336407  08 00 0000 4242 0003";
    expect(rowsOf([hex("0b 00 0000 00000000", quoted), TO_CLIENT])).toMatchObject([
      {
        inner_transport: "ICMP",
        inner_src_port: 8,
        inner_dst_port: 0,
        inner_identifier: 0x4242,
        inner_sequence_number: 3,
        identifier: null,
        sequence_number: null,
      },
    ]);
  });

  it("has no ports of what has none, quotes none, or lost them in a fragment", () => {
    const head = (protocol: string, fragment: string) =>
      `45 00 0030 0001 ${fragment} 01 ${protocol} 0000 c0000201 c6336407`;
    const inner = (quoted: string) => rowsOf([hex("0b 00 0000 00000000", quoted), TO_CLIENT])[0]!;
    expect(inner(`${head("fd", "0000")} 0102030405060708`)).toMatchObject({
      inner_transport: 253,
      inner_src_port: null,
      inner_community_id: expect.stringMatching(/^1:/),
    });
    expect(inner(`${head("11", "0000")} 9c40`)).toMatchObject({
      inner_transport: "UDP",
      inner_src_port: null,
      inner_community_id: null,
    });
    expect(inner(`${head("11", "0010")} 9c40007b001c0000`)).toMatchObject({
      inner_transport: "UDP",
      inner_src_port: null,
    });
    expect(inner("45 00 0030")).toMatchObject({ inner_src_address: null, inner_transport: null, malformed: false });
  });
});
