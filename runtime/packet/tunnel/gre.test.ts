import { describe, expect, test } from "vitest";
import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { LinkType } from "../link-type.js";
import { packetFromHex, payloadHex } from "../testing/packet-from-hex.js";
import {
  datagramHex,
  FRAME_WITH_IPV4,
  FRAME_WITH_IPV6,
  ipv4Hex,
  UDP_IN_IPV4,
  UDP_IN_IPV6,
} from "../testing/packets.js";
import { expectNoTunnel, expectSample, expectTunnel, tunnelsOf } from "./testing/tunnel.js";

const overIpv4 = (hex: string) => packetFromHex(ipv4Hex(47, hex), { linkType: LinkType.Raw });

describe("GRE", () => {
  test.each([
    ["no fields", `0000 0800 ${UDP_IN_IPV4}`, 0],
    ["IPv6", `0000 86dd ${UDP_IN_IPV6}`, 0],
    ["a checksum", `8000 0800 abcd0000 ${UDP_IN_IPV4}`, 0],
    ["a key", `2000 0800 deadbeef ${UDP_IN_IPV4}`, 0xdeadbeef],
    ["a sequence number", `1000 0800 00000009 ${UDP_IN_IPV4}`, 0],
    ["checksum, key and sequence number", `b000 0800 abcd0000 00000064 00000009 ${UDP_IN_IPV4}`, 100],
    // Checksum and offset, one route entry (family 0800, offset 0, 4 bytes), the empty entry that ends them.
    ["source routes", `4000 0800 00000000 0800 00 04 0a000009 0000 00 00 ${UDP_IN_IPV4}`, 0],
    ["an Ethernet frame", `0000 6558 ${FRAME_WITH_IPV4}`, 0],
    ["an Ethernet frame and a small key", `2000 6558 00000064 ${FRAME_WITH_IPV4}`, 100],
    ["PPP", `0000 880b ff03 0021 ${UDP_IN_IPV4}`, 0],
    ["a redirected packet, version 1", `0000 883e ${UDP_IN_IPV4}`, 0],
    ["a redirected packet, version 2", `0000 883e 80000000 ${UDP_IN_IPV4}`, 0],
    // Type first, then version, length, option and group.
    ["Cisco's metadata", `0000 8909 0800 01 01 0001 002a ${UDP_IN_IPV4}`, 0],
    // Data to the distribution system, then LLC and SNAP.
    ["IEEE 802.11", `0000 8200 0801 0000 ${"020000000001".repeat(3)} 0000 aaaa03 000000 0800 ${UDP_IN_IPV4}`, 0],
  ])("with %s", (_, hex, id) => expectTunnel(overIpv4(hex), TunnelKind.GRE, id));

  test("the identifier of PPTP's enhanced GRE is its call", () => {
    // Key, sequence and acknowledgement, version 1; length 35, call 7; sequence, acknowledgement; PPP.
    expectTunnel(overIpv4(`3081 880b 0023 0007 00000001 00000000 ff03 0021 ${UDP_IN_IPV4}`), TunnelKind.GRE, 7);
    expectTunnel(overIpv4(`2001 880b 0021 0007 21 ${UDP_IN_IPV4}`), TunnelKind.GRE, 7);
  });

  test("GRE with a key in the range of virtual subnets is NVGRE", () => {
    expectTunnel(overIpv4(`2000 6558 12345607 ${FRAME_WITH_IPV6}`), TunnelKind.NVGRE, 0x123456);
    // With a sequence number it cannot be NVGRE (RFC 7637, section 3.2).
    expectTunnel(overIpv4(`3000 6558 12345607 00000001 ${FRAME_WITH_IPV6}`), TunnelKind.GRE, 0x12345607);
  });

  test("MPLS in it is a tunnel of its own", () => {
    const packet = overIpv4(`0000 8847 00064140 ${UDP_IN_IPV4}`);
    expect(tunnelsOf(packet)).toEqual([
      [TunnelKind.GRE, 0, "c0000201", "c0000202"],
      [TunnelKind.MPLS, 100, "", ""],
    ]);
    expectSample(packet);
  });

  test("an ARP message in it is the innermost packet", () => {
    const resolution = "0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202";
    const packet = overIpv4(`0000 0806 ${resolution}`);
    expect(tunnelsOf(packet)).toEqual([[TunnelKind.GRE, 0, "c0000201", "c0000202"]]);
    expect([packet.etherType, payloadHex(packet)]).toEqual([0x0806, resolution.replaceAll(" ", "")]);
    // Truncated, without an operation, of another protocol.
    for (const other of [
      resolution.slice(0, -2),
      resolution.replace("0001 02", "0000 02"),
      resolution.replace("0800", "0801"),
    ])
      expectNoTunnel(overIpv4(`0000 0806 ${other}`), 47, `0000 0806 ${other}`);
  });

  test("over UDP", () => {
    const packet = packetFromHex(datagramHex(4754, `2000 0800 00000005 ${UDP_IN_IPV4}`), { linkType: LinkType.Raw });
    expectTunnel(packet, TunnelKind.GRE, 5);
  });

  test.each([
    ["another version", `0002 0800 ${UDP_IN_IPV4}`],
    ["a protocol without packets", `0000 0806 ${"00".repeat(28)}`],
    ["a keepalive", "0000 0000"],
    ["a cut key", "2000 0800 0000"],
    ["source routes without end", `4000 0800 00000000 0800 00 ff ${UDP_IN_IPV4}`],
    ["no IP in spite of its type", `0000 0800 ${"00".repeat(31)}`],
    ["labels with nothing behind", "0000 8847 00064140"],
    ["PPP negotiation", "0000 880b ff03 c021 0101 0004"],
    ["an encrypted frame of IEEE 802.11", `0000 8200 0841 0000 ${"020000000001".repeat(3)} 0000 ${UDP_IN_IPV4}`],
  ])("with %s is not decoded", (_, hex) => expectNoTunnel(overIpv4(hex), 47, hex));
});

describe("ERSPAN", () => {
  // Version 1, VLAN 20; class 0, session 101; index.
  const typeTwo = "1014 0065 00000005";
  // Version 2, VLAN 20; session 102; timestamp; group; frame type, hardware, flags.
  const typeThree = (frameType: string) => `2014 0066 00000001 0000 ${frameType}`;

  test.each([
    ["type I", `0000 88be ${FRAME_WITH_IPV4}`, 0],
    ["type II", `1000 88be 00000001 ${typeTwo} ${FRAME_WITH_IPV4}`, 101],
    ["type III", `1000 22eb 00000001 ${typeThree("0000")} ${FRAME_WITH_IPV6}`, 102],
    [
      "type III with a platform's subheader",
      `1000 22eb 00000001 ${typeThree("0001")} 0c00000000000000 ${FRAME_WITH_IPV6}`,
      102,
    ],
    ["type III with an IP packet", `0000 22eb ${typeThree("0800")} ${UDP_IN_IPV4}`, 102],
  ])("%s", (_, hex, id) => expectTunnel(overIpv4(hex), TunnelKind.ERSPAN, id));

  test.each([
    ["another version", `1000 88be 00000001 3014 0065 00000005 ${FRAME_WITH_IPV4}`],
    ["a frame type that is not Ethernet", `1000 22eb 00000001 ${typeThree("1c00")} ${FRAME_WITH_IPV4}`],
    ["a cut header", "1000 88be 00000001 1014 00"],
    ["a cut frame", `1000 88be 00000001 ${typeTwo} 0200`],
  ])("with %s is not decoded", (_, hex) => expectNoTunnel(overIpv4(hex), 47, hex));
});
