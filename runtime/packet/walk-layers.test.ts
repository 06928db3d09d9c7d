import { expect, test } from "vitest";
import { LinkType } from "./link-type.js";
import { packetFromHex, payloadHex } from "./testing/packet-from-hex.js";

const overIpv4 = (protocol: string, payload: string) =>
  packetFromHex(`4500 0020 0001 0000 40${protocol} 0000 0a000001 0a000002 ${payload}`, { linkType: LinkType.Ipv4 });

test("ICMP sets its type and code as ports and stays the payload", () => {
  const packet = overIpv4("01", "0304 abcd 00000000 4500 0000");
  expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([3, 4, "0304abcd0000000045000000"]);
});

test("SCTP sets its ports and stays the payload", () => {
  const packet = overIpv4("84", "8000 0b59 00000001 aabbccdd");
  expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([32768, 2905, "80000b5900000001aabbccdd"]);
});

test("DCCP and UDP-Lite set their ports too", () => {
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
