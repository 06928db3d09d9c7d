import { describe, expect, test } from "vitest";
import { LinkType } from "./link-type.js";
import { packetFromHex, payloadHex } from "./testing/packet-from-hex.js";

/** TCP in IPv4 with a total length of 20 + `length` bytes. */
const overIpv4 = (length: number, tcp: string) =>
  packetFromHex(`4500 ${(20 + length).toString(16).padStart(4, "0")} 0001 0000 4006 0000 0a000001 0a000002 ${tcp}`, {
    linkType: LinkType.Ipv4,
  });

describe("TCP", () => {
  test("every field of the header is read, options are skipped and padding is excluded", () => {
    // Data offset 6 words, flags NS SYN ACK, window 0x7210, one word of options (segment size), payload 616263, padding.
    const packet = overIpv4(27, "c001 0050 fffffffe 80000001 6112 7210 0000 0000 020405b4 616263 0000");
    expect(packet).toMatchObject({
      srcPort: 49153,
      dstPort: 80,
      tcpSequence: 0xfffffffe,
      tcpAcknowledgement: 0x80000001,
      tcpFlags: 0x112,
      tcpWindow: 0x7210,
      payloadLengthBytes: 3,
    });
    expect(payloadHex(packet)).toBe("616263");
  });

  test("a data offset below 5 words or beyond the segment leaves an empty payload", () => {
    for (const offset of ["40", "f0"]) {
      const packet = overIpv4(23, `c001 0050 00000001 00000001 ${offset}10 7210 0000 0000 616263`);
      expect([packet.dstPort, payloadHex(packet), packet.payloadLengthBytes]).toEqual([80, "", 0]);
    }
  });

  test("a header truncated after the ports keeps them", () => {
    const packet = overIpv4(20, "c001 0050 0000");
    expect([packet.srcPort, packet.dstPort, packet.tcpFlags, payloadHex(packet)]).toEqual([49153, 80, 0, ""]);
  });
});
