import { expect, test } from "vitest";
import { TunnelKind } from "../../generated/wireloom/v1/observation-record.js";
import { decodeIpPayload } from "./ip-payload.js";
import { LinkType } from "./link-type.js";
import { packetFromHex, payloadHex } from "./packet-from-hex.js";
import { ipv4Hex, UDP_IN_IPV6 } from "./packets-fixture.js";
import { expectSample, tunnelsOf } from "./tunnel/tunnel-fixture.js";

const overIpv4 = (protocol: string, payload: string) =>
  packetFromHex(`4500 0020 0001 0000 40${protocol} 0000 0a000001 0a000002 ${payload}`, { linkType: LinkType.Ipv4 });

test("ICMP lends its type and code as ports and stays the payload", () => {
  const packet = overIpv4("01", "0304 abcd 00000000 4500 0000");
  expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([3, 4, "0304abcd0000000045000000"]);
});

test("SCTP lends its ports and stays the payload", () => {
  const packet = overIpv4("84", "8000 0b59 00000001 aabbccdd");
  expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([32768, 2905, "80000b5900000001aabbccdd"]);
});

test("DCCP and UDP-Lite lend their ports too", () => {
  for (const protocol of ["21", "88"]) {
    const packet = overIpv4(protocol, "8000 1389 00040000 00000000");
    expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([32768, 5001, "800013890004000000000000"]);
  }
});

test("another protocol has no ports and is the payload", () => {
  const packet = overIpv4("67", "2000 dead 01020304 05060708");
  expect([packet.ipProtocol, packet.srcPort, packet.dstPort]).toEqual([0x67, 0, 0]);
  expect(payloadHex(packet)).toBe("2000dead0102030405060708");
});

test("a payload that was put together from fragments is decoded in another buffer, tunnels included", () => {
  const packet = packetFromHex(ipv4Hex(41, UDP_IN_IPV6.slice(0, 50), "2000"), { linkType: LinkType.Raw });
  expect(packet.isFragment).toBe(true);
  const whole = Buffer.from(ipv4Hex(41, UDP_IN_IPV6).replaceAll(" ", ""), "hex");
  packet.bytes = Uint8Array.from(whole);
  packet.networkStart = 0;
  packet.networkEnd = whole.length;
  packet.srcAddressStart = 12;
  packet.dstAddressStart = 16;
  packet.isFragment = false;
  packet.hasMoreFragments = false;
  packet.payloadLengthBytes = whole.length - 20;
  decodeIpPayload(packet, packet.bytes, 20, whole.length, 41);
  expect(tunnelsOf(packet)).toEqual([[TunnelKind.IP, 0, "c0000201", "c0000202"]]);
  expectSample(packet);
});
