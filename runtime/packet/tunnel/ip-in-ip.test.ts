import { describe, expect, test } from "vitest";
import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { LinkType } from "../link-type.js";
import { packetFromHex } from "../testing/packet-from-hex.js";
import { ipv4Hex, ipv6Hex, UDP_IN_IPV4, UDP_IN_IPV6 } from "../testing/packets.js";
import { expectNoTunnel, expectSample, expectTunnel, tunnelsOf } from "./testing/tunnel.js";

const RAW = { linkType: LinkType.Raw };

describe("IP in IP", () => {
  test.each([
    ["IPv4 in IPv4", ipv4Hex(4, UDP_IN_IPV4), 4],
    ["IPv6 in IPv4", ipv4Hex(41, UDP_IN_IPV6), 6],
  ])("%s", (_, hex, version) => {
    const packet = packetFromHex(hex, RAW);
    expectTunnel(packet, TunnelKind.IP, 0);
    expect(packet.ipVersion).toBe(version);
  });

  test.each([
    ["IPv4 in IPv6", ipv6Hex(4, UDP_IN_IPV4), 4],
    ["IPv6 in IPv6", ipv6Hex(41, UDP_IN_IPV6), 6],
  ])("%s", (_, hex, version) => {
    const packet = packetFromHex(hex, RAW);
    const addresses = ["20010db8000100000000000000000001", "20010db8000100000000000000000002"];
    expect(tunnelsOf(packet)).toEqual([[TunnelKind.IP, 0, ...addresses]]);
    expectSample(packet);
    expect(packet.ipVersion).toBe(version);
  });

  test("after extension and authentication headers", () => {
    // Destination options, then an authentication header of 24 bytes, then IPv4.
    const headers = `33 00 01 04 00000000 04 04 0000 00000001 00000001 ${"ab".repeat(12)}`;
    expectSample(packetFromHex(ipv6Hex(60, `${headers} ${UDP_IN_IPV4}`), RAW));
  });

  test("a payload that is not an IP header leaves the outer packet unchanged", () => {
    const carried = {
      "another version": `5500001f ${"00".repeat(27)}`,
      "a header of 16 bytes": `4400001f ${"00".repeat(27)}`,
      "a total length below its header": `45000013 ${"00".repeat(27)}`,
      "a cut header": UDP_IN_IPV4.slice(0, 40),
    };
    for (const payload of Object.values(carried)) expectNoTunnel(packetFromHex(ipv4Hex(4, payload), RAW), 4, payload);
  });

  test("the payload of a fragment, including the first one, is not decoded", () => {
    const first = packetFromHex(ipv4Hex(4, UDP_IN_IPV4, "2000"), RAW);
    expectNoTunnel(first, 4, UDP_IN_IPV4);
    expect(first).toMatchObject({ isFragment: true, hasMoreFragments: true });
    expectNoTunnel(packetFromHex(ipv4Hex(4, UDP_IN_IPV4, "0003"), RAW), 4, UDP_IN_IPV4);
  });

  test("a fragment inside a tunnel is the innermost packet", () => {
    const fragment = ipv4Hex(17, "c000 0035 0040 0000 616263", "2000").replace("c0000201", "0a000001");
    const packet = packetFromHex(ipv4Hex(4, fragment), RAW);
    expect([packet.tunnels.depth, packet.isFragment, packet.dstPort, packet.payloadLengthBytes]).toEqual([
      1,
      true,
      53,
      56,
    ]);
  });

  test("eight tunnels are decoded, and a further one is recorded", () => {
    const nested = (depth: number): string => (depth === 0 ? UDP_IN_IPV4 : ipv4Hex(4, nested(depth - 1)));
    const deepest = packetFromHex(nested(8), RAW);
    expect(deepest.tunnels.depth).toBe(8);
    expectSample(deepest);
    const deeper = packetFromHex(nested(9), RAW);
    expect([deeper.tunnels.depth, deeper.isTunnelLimitReached, deeper.ipProtocol]).toEqual([8, true, 4]);
    expect(packetFromHex(nested(10), RAW).isTunnelLimitReached).toBe(true);
  });
});
