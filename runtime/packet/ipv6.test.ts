import { describe, expect, test } from "vitest";
import { LinkType } from "./link-type.js";
import { packetFromHex, payloadHex } from "./testing/packet-from-hex.js";

const IP_ONLY = { linkType: LinkType.Ipv6 };
const ADDRESSES = "20010db8000000000000000000000001 20010db8000000000000000000000002";
const UDP = "c000 0035 000b 0000 616263";

describe("IPv6", () => {
  test("addresses and UDP are found, and bytes after the payload length are excluded", () => {
    const packet = packetFromHex(`60000000 000b 11 40 ${ADDRESSES} ${UDP} 0000`, IP_ONLY);
    expect([packet.ipVersion, packet.ipProtocol, packet.addressLength]).toEqual([6, 17, 16]);
    expect(packet.srcAddressStart - packet.frameStart).toBe(8);
    expect(packet.dstAddressStart - packet.frameStart).toBe(24);
    expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([49152, 53, "616263"]);
  });

  test("extension headers are followed", () => {
    const hopByHop = "2b 00 01 04 00000000";
    const routing = "3c 02 0400 00000000 20010db8000000000000000000000009";
    const destination = "33 00 01 04 00000000";
    const authentication = `11 04 0000 00000001 00000001 ${"ab".repeat(12)}`;
    const chain = hopByHop + routing + destination + authentication;
    const packet = packetFromHex(`60000000 004b 00 40 ${ADDRESSES} ${chain} ${UDP}`, IP_ONLY);
    expect([packet.ipProtocol, packet.dstPort, payloadHex(packet), packet.payloadLengthBytes]).toEqual([
      17,
      53,
      "616263",
      3,
    ]);
  });

  test("mobility, host identity and Shim6 headers are skipped if another header follows, and are the payload otherwise", () => {
    for (const protocol of ["87", "8b", "8c"]) {
      const walked = packetFromHex(`60000000 0013 ${protocol} 40 ${ADDRESSES} 11 00 0000 00000000 ${UDP}`, IP_ONLY);
      expect([walked.ipProtocol, walked.dstPort, payloadHex(walked)]).toEqual([17, 53, "616263"]);
      const message = packetFromHex(`60000000 0008 ${protocol} 40 ${ADDRESSES} 3b 00 0500 00000001`, IP_ONLY);
      expect([message.ipProtocol, payloadHex(message)]).toEqual([parseInt(protocol, 16), "3b00050000000001"]);
    }
  });

  test("the first fragment has ports, a later one does not, and an atomic one is not a fragment", () => {
    const fragment = (field: string, rest: string, length: string) =>
      packetFromHex(`60000000 ${length} 2c 40 ${ADDRESSES} 11 00 ${field} 12345678 ${rest}`, IP_ONLY);
    const first = fragment("0001", "c000 0035 000b 0000", "0010");
    expect(first).toMatchObject({ isFragment: true, hasMoreFragments: true, fragmentOffset: 0, dstPort: 53 });
    const last = fragment("0008", "616263", "000b");
    expect(last).toMatchObject({ isFragment: true, hasMoreFragments: false, fragmentOffset: 8, dstPort: 0 });
    expect([last.fragmentIdentification, payloadHex(last)]).toEqual([0x12345678, "616263"]);
    expect(fragment("0000", UDP, "0013")).toMatchObject({ isFragment: false, dstPort: 53 });
  });

  test("a jumbo payload whose lengths are 0 ends at the captured end", () => {
    // Hop-by-hop with the jumbo payload option of 19 bytes, then UDP with length 0 (RFC 2675, section 4).
    const packet = packetFromHex(
      `60000000 0000 00 40 ${ADDRESSES} 11 00 c2 04 00000013 c000 0035 0000 0000 616263`,
      IP_ONLY,
    );
    expect([packet.dstPort, payloadHex(packet), packet.payloadLengthBytes]).toEqual([53, "616263", 3]);
  });

  test("a jumbo payload has the length of its option", () => {
    // Padding of one byte and of two, then the option: 70000 bytes, of which few were captured. TCP.
    const packet = packetFromHex(
      `60000000 0000 00 40 ${ADDRESSES} 06 01 00 0102 0000 00 c2 04 00011170 0000 c001 0050 00000001 00000002 5010 7210 0000 0000 6162`,
      { ...IP_ONLY, originalLengthBytes: 70040 },
    );
    // Without the hop-by-hop header of 16 bytes and TCP's of 20.
    expect([packet.dstPort, payloadHex(packet), packet.payloadLengthBytes]).toEqual([80, "6162", 69964]);
  });

  test("with a length of 0 without such an option, the packet ends at the end of the frame", () => {
    const packet = packetFromHex(`60000000 0000 11 40 ${ADDRESSES} c000 0035 000b 0000 616263`, IP_ONLY);
    expect([packet.dstPort, payloadHex(packet), packet.payloadLengthBytes]).toEqual([53, "616263", 3]);
  });

  test("a chain with an invalid length or without an end stops the walk", () => {
    const lie = packetFromHex(`60000000 0013 00 40 ${ADDRESSES} 11 ff 01 04 00000000 ${UDP}`, IP_ONLY);
    expect([lie.ipProtocol, lie.dstPort]).toEqual([0, 0]);
    const endless = packetFromHex(`60000000 0190 3c 40 ${ADDRESSES} ${"3c00010400000000".repeat(50)}`, IP_ONLY);
    expect(endless.ipProtocol).toBe(60);
  });
});
