import { describe, expect, test } from "vitest";
import { LinkType } from "./link-type.js";
import { packetFromHex, payloadHex } from "./testing/packet-from-hex.js";
import { UDP_IN_IPV6 } from "./testing/packets.js";

const IP_ONLY = { linkType: LinkType.Ipv4 };
const ADDRESSES = "0a000001 0a000002";
// Ports 49152 to 53, length 11, checksum 0, payload 616263.
const UDP = "c000 0035 000b 0000 616263";

describe("IPv4", () => {
  test("addresses, protocol and bounds are found, and padding after the total length is excluded", () => {
    const packet = packetFromHex(`4500 001f 0001 0000 4011 0000 ${ADDRESSES} ${UDP} 000000`, IP_ONLY);
    expect([packet.ipVersion, packet.ipProtocol, packet.addressLength]).toEqual([4, 17, 4]);
    expect(packet.srcAddressStart - packet.frameStart).toBe(12);
    expect(packet.dstAddressStart - packet.frameStart).toBe(16);
    expect(packet.networkEnd - packet.networkStart).toBe(31);
    expect([packet.srcPort, packet.dstPort]).toEqual([49152, 53]);
    expect(payloadHex(packet)).toBe("616263");
  });

  test("options are skipped", () => {
    // Header length 6 words: one word of options (router alert).
    const packet = packetFromHex(`4600 0023 0001 0000 4011 0000 ${ADDRESSES} 94040000 ${UDP}`, IP_ONLY);
    expect(packet.transportStart - packet.frameStart).toBe(24);
    expect(payloadHex(packet)).toBe("616263");
  });

  test("with a total length of 0, as segmentation offload leaves it, the packet ends at the captured end", () => {
    const packet = packetFromHex(`4500 0000 0001 0000 4011 0000 ${ADDRESSES} ${UDP}`, IP_ONLY);
    expect(payloadHex(packet)).toBe("616263");
    expect(packet.payloadLengthBytes).toBe(3);
  });

  test("the first fragment has ports, a later one does not", () => {
    // Identification 0x1234, more fragments, offset 0; the UDP length of 11 lies after this fragment's end.
    const first = packetFromHex(`4500 001c 1234 2000 4011 0000 ${ADDRESSES} c000 0035 000b 0000`, IP_ONLY);
    expect(first).toMatchObject({ isFragment: true, hasMoreFragments: true, fragmentOffset: 0, srcPort: 49152 });
    expect([payloadHex(first), first.payloadLengthBytes]).toEqual(["", 3]);
    // Offset 1, in units of 8 bytes.
    const last = packetFromHex(`4500 0017 1234 0001 4011 0000 ${ADDRESSES} 616263`, IP_ONLY);
    expect(last).toMatchObject({
      isFragment: true,
      hasMoreFragments: false,
      fragmentOffset: 8,
      srcPort: 0,
      dstPort: 0,
    });
    expect([last.ipProtocol, last.fragmentIdentification, payloadHex(last)]).toEqual([17, 0x1234, "616263"]);
  });

  test("a truncated packet keeps the lengths that it had on the wire", () => {
    const packet = packetFromHex(`4500 0400 0001 0000 4011 0000 ${ADDRESSES} c000 0035 03ec 0000 61`, {
      ...IP_ONLY,
      originalLengthBytes: 1024,
    });
    expect([packet.isTruncated, payloadHex(packet), packet.payloadLengthBytes]).toEqual([true, "61", 996]);
  });

  test("an invalid header is not decoded as IPv4", () => {
    const lies = {
      "version 5": `5500 001f 0001 0000 4011 0000 ${ADDRESSES} ${UDP}`,
      "header of 16 bytes": `4400 001f 0001 0000 4011 0000 ${ADDRESSES} ${UDP}`,
      "total length below the header": `4500 0013 0001 0000 4011 0000 ${ADDRESSES} ${UDP}`,
      "cut header": "4500 001f 0001 0000 4011 0000 0a000001 0a0000",
    };
    for (const [lie, hex] of Object.entries(lies)) expect(packetFromHex(hex, IP_ONLY).ipVersion, lie).toBe(0);
  });

  test("an IPv6 header in the place of IPv4's is decoded as IPv6", () => {
    const packet = packetFromHex(`020000000002 020000000001 0800 ${UDP_IN_IPV6}`);
    expect([packet.ipVersion, packet.dstPort, payloadHex(packet)]).toEqual([6, 54, "616263"]);
  });

  test("authentication headers are skipped, also nested ones", () => {
    const inner = `11 04 0000 00000002 00000001 ${"cd".repeat(12)}`;
    const outer = `33 04 0000 00000001 00000001 ${"ab".repeat(12)}`;
    const packet = packetFromHex(`4500 004f 0001 0000 4033 0000 ${ADDRESSES} ${outer} ${inner} ${UDP}`, IP_ONLY);
    expect([packet.ipProtocol, packet.dstPort, payloadHex(packet), packet.payloadLengthBytes]).toEqual([
      17,
      53,
      "616263",
      3,
    ]);
    expect(packet.transportStart - packet.frameStart).toBe(68);
  });

  test("an authentication header that is truncated, or longer than the packet, stays the payload", () => {
    for (const length of ["ff", "04"]) {
      const packet = packetFromHex(
        `4500 0024 0001 0000 4033 0000 ${ADDRESSES} 11 ${length} 0000 00000001 00000001 abababab`,
        IP_ONLY,
      );
      expect([packet.ipProtocol, packet.dstPort]).toEqual([51, 0]);
    }
  });

  test("an authentication header is skipped", () => {
    // Next header UDP, length 4 (24 bytes), reserved, index, sequence, 12 bytes of check value.
    const ah = `11 04 0000 00000001 00000001 ${"ab".repeat(12)}`;
    const packet = packetFromHex(`4500 0037 0001 0000 4033 0000 ${ADDRESSES} ${ah} ${UDP}`, IP_ONLY);
    expect([packet.ipProtocol, packet.dstPort, payloadHex(packet)]).toEqual([17, 53, "616263"]);
  });
});
