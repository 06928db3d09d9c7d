import { describe, expect, test } from "vitest";
import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { LinkType } from "../link-type.js";
import { packetFromHex, payloadHex } from "../testing/packet-from-hex.js";
import { FRAME_WITH_IPV4, FRAME_WITH_IPV6, ipv4Hex, ipv6Hex, UDP_IN_IPV4, UDP_IN_IPV6 } from "../testing/packets.js";
import { expectNoTunnel, expectSample, expectTunnel, tunnelsOf } from "./testing/tunnel.js";

const ADDRESSES = "020000000002 020000000001";
const frame = (type: string, hex: string) => packetFromHex(`${ADDRESSES} ${type} ${hex}`);

describe("MPLS", () => {
  test.each([
    // Label 16 with the bottom bit, time to live 64.
    ["IPv4", `00010140 ${UDP_IN_IPV4}`, 16],
    ["three labels", `00010040 00011040 00012140 ${UDP_IN_IPV6}`, 18],
    ["a pseudowire's control word", `00013140 00000000 ${FRAME_WITH_IPV4}`, 19],
    ["a pseudowire without one", `00013140 ${FRAME_WITH_IPV6}`, 19],
  ])("with %s", (_, hex, label) => {
    for (const type of ["8847", "8848"]) {
      const packet = frame(type, hex);
      expect(tunnelsOf(packet)).toEqual([[TunnelKind.MPLS, label, "", ""]]);
      expectSample(packet);
    }
  });

  test("a spanning tree message in a pseudowire is the innermost packet", () => {
    const packet = frame("8847", `00013140 00000000 0180c2000000 020000000011 0026 424203 ${"00".repeat(43)}`);
    expect([packet.tunnels.depth, packet.ipVersion, packet.payloadLengthBytes]).toEqual([1, 0, 38]);
  });

  test.each([
    ["an associated channel", "0000d140 10000007 00000000"],
    ["labels without a bottom", "00010040 00010040"],
    ["IP that is longer than the frame", `00010140 ${UDP_IN_IPV4.slice(0, 51)}`],
    ["nothing", "00010140"],
  ])("with %s is not decoded", (_, hex) => {
    const packet = frame("8847", hex);
    expect([packet.tunnels.depth, packet.etherType, payloadHex(packet)]).toEqual([0, 0x8847, hex.replaceAll(" ", "")]);
  });

  test("in IP", () => {
    const packet = packetFromHex(ipv4Hex(137, `00010140 ${UDP_IN_IPV4}`), { linkType: LinkType.Raw });
    expectTunnel(packet, TunnelKind.MPLS, 16);
  });

  test("as a link type", () => {
    const packet = packetFromHex(`00010140 ${UDP_IN_IPV4}`, { linkType: LinkType.Mpls });
    expect(tunnelsOf(packet)).toEqual([[TunnelKind.MPLS, 16, "", ""]]);
    expectSample(packet);
  });
});

describe("PPPoE", () => {
  test("a session's packets", () => {
    const packet = frame("8864", `11 00 0007 0021 0021 ${UDP_IN_IPV4}`);
    expect(tunnelsOf(packet)).toEqual([[TunnelKind.PPPOE, 7, "", ""]]);
    expectSample(packet);
  });

  test("as a link type", () => {
    const packet = packetFromHex(`11 00 0007 0035 0057 ${UDP_IN_IPV6}`, { linkType: LinkType.PppEther });
    expect(packet.tunnels.depth).toBe(1);
    expectSample(packet);
  });

  test("discovery and negotiation are not decoded", () => {
    for (const [type, hex] of [
      ["8863", "11 09 0000 0004 0101 0000"],
      ["8864", "11 00 0007 0006 c021 0101 0004"],
    ]) {
      const packet = frame(type!, hex!);
      expect([packet.tunnels.depth, payloadHex(packet)]).toEqual([0, hex!.replaceAll(" ", "")]);
    }
  });
});

describe("provider backbone bridges", () => {
  test("the customer's frame is the innermost one, and the backbone's VLAN is reported", () => {
    // Backbone tag 300, service 0xabcdef, then a frame with tag 7.
    const customer = `020000000012 020000000011 8100 0007 0800 ${UDP_IN_IPV4}`;
    const packet = frame("88a8", `012c 88e7 00abcdef ${customer}`);
    expect(tunnelsOf(packet)).toEqual([[TunnelKind.PBB, 0xabcdef, "", ""]]);
    expect([packet.vlanId, packet.innerVlanId]).toEqual([300, 0]);
    expectSample(packet);
  });

  test("the customer's VLAN is reported if the backbone has none", () => {
    const packet = frame("88e7", `00abcdef 020000000012 020000000011 8100 0007 8100 0008 0800 ${UDP_IN_IPV4}`);
    expect([packet.vlanId, packet.innerVlanId]).toEqual([7, 8]);
  });
});

describe("Ethernet in IP", () => {
  test("EtherIP", () => {
    const packet = packetFromHex(ipv4Hex(97, `3000 ${FRAME_WITH_IPV4}`), { linkType: LinkType.Raw });
    expectTunnel(packet, TunnelKind.ETHERIP, 0);
  });

  test("EtherIP of another version is not decoded", () => {
    const hex = `2000 ${FRAME_WITH_IPV4}`;
    expectNoTunnel(packetFromHex(ipv4Hex(97, hex), { linkType: LinkType.Raw }), 97, hex);
  });

  test("without a header", () => {
    const packet = packetFromHex(ipv6Hex(143, FRAME_WITH_IPV4), { linkType: LinkType.Raw });
    expect(tunnelsOf(packet)[0]![0]).toBe(TunnelKind.ETHERIP);
    expectSample(packet);
  });

  test("L2TP, version 3", () => {
    const packet = packetFromHex(ipv4Hex(115, `00001234 ${FRAME_WITH_IPV6}`), { linkType: LinkType.Raw });
    expectTunnel(packet, TunnelKind.L2TP, 0x1234);
  });
});

test("tunnels in tunnels are listed from the outside in", () => {
  // IP in IP, GRE with Ethernet and a tag, VXLAN.
  const vxlan = `08000000 00138800 ${FRAME_WITH_IPV6}`;
  const inner = ipv4Hex(17, `c000 12b5 0051 0000 ${vxlan}`).replace("c0000201", "0a000001");
  const gre = ipv4Hex(47, `0000 6558 020000000012 020000000011 8100 002c 0800 ${inner}`);
  const packet = packetFromHex(`${ADDRESSES} 0800 ${ipv4Hex(4, gre)}`);
  expect(tunnelsOf(packet)).toEqual([
    [TunnelKind.IP, 0, "c0000201", "c0000202"],
    [TunnelKind.GRE, 0, "c0000201", "c0000202"],
    [TunnelKind.VXLAN, 5000, "0a000001", "c0000202"],
  ]);
  expect([packet.vlanId, packet.ipVersion]).toEqual([44, 6]);
  expectSample(packet);
});
