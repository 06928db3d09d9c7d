import { describe, expect, test } from "vitest";
import { LinkType } from "./link-type.js";
import { packetFromHex, payloadHex } from "./testing/packet-from-hex.js";

/** UDP in IPv4 with a total length of 20 + 11 bytes. */
const overIpv4 = (udp: string) =>
  packetFromHex(`4500 001f 0001 0000 4011 0000 0a000001 0a000002 ${udp}`, { linkType: LinkType.Ipv4 });

describe("UDP", () => {
  test("a length within the IP payload ends the datagram", () => {
    const packet = overIpv4("c000 0035 0009 0000 616263");
    expect([packet.srcPort, packet.dstPort, payloadHex(packet), packet.payloadLengthBytes]).toEqual([
      49152,
      53,
      "61",
      1,
    ]);
  });

  test("a length beyond the IP payload is limited to it", () => {
    const packet = overIpv4("c000 0035 ffff 0000 616263");
    expect([payloadHex(packet), packet.payloadLengthBytes]).toEqual(["616263", 65527]);
  });

  test("a length below 8 leaves an empty payload", () => {
    for (const length of ["0000", "0007"]) {
      const packet = overIpv4(`c000 0035 ${length} 0000 616263`);
      expect([packet.dstPort, payloadHex(packet), packet.payloadLengthBytes]).toEqual([53, "", 0]);
    }
  });

  test("a header truncated after the ports keeps them, and its payload is empty", () => {
    const packet = overIpv4("c000 0035 00");
    expect([packet.srcPort, packet.dstPort, payloadHex(packet)]).toEqual([49152, 53, ""]);
    expect(overIpv4("c000 00")).toMatchObject({ srcPort: 0, dstPort: 0 });
  });
});
