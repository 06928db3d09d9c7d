import { describe, expect, test } from "vitest";
import { packetFromHex, payloadHex } from "../testing/packet-from-hex.js";
import { UDP_IN_IPV4, UDP_IN_IPV6 } from "../testing/packets.js";
import { expectSample } from "../tunnel/testing/tunnel.js";

const ADDRESSES = "020000000002 020000000001";
const FRAME = `020000000012 020000000011 0800 ${UDP_IN_IPV4}`;
const frame = (hex: string) => packetFromHex(`${ADDRESSES} ${hex}`);

describe("headers between Ethernet and IP", () => {
  test.each([
    // Control, short length, packet number, channel of 8 bytes, type; check value of 16 bytes.
    ["MACsec with a channel", `88e5 20 00 00000001 0200000000010001 0800 ${UDP_IN_IPV4} ${"00".repeat(16)}`],
    ["MACsec without", `88e5 00 00 00000001 86dd ${UDP_IN_IPV6} ${"00".repeat(16)}`],
    // Version, length, option, group.
    ["Cisco's metadata", `8909 01 01 0001 002a 0800 ${UDP_IN_IPV4}`],
    ["VN-tag", `8926 00010002 0800 ${UDP_IN_IPV4}`],
    // Priority and ingress identifier, group and identifier, extensions of both.
    ["E-TAG", `893f 2001 0102 0000 0800 ${UDP_IN_IPV4}`],
    // Path and size, sequence.
    ["High-availability Seamless Redundancy", `892f 1025 0001 0800 ${UDP_IN_IPV4}`],
    // Subtype, scale and version, seconds, nanoseconds.
    ["Arista's timestamp", `d28b 0001 0110 69560000 00000001 8100 0005 0800 ${UDP_IN_IPV4}`],
    ["Arista's short timestamp", `d28b 0001 0020 0000 00000001 0800 ${UDP_IN_IPV4}`],
    ["FabricPath", `8903 0420 ${FRAME}`],
    // One word of options: length in the last 3 bits of the first byte and the first 2 of the second.
    ["TRILL with options", `22f3 0041 0001 0002 00000000 ${FRAME}`],
    // Length of 6 words, type 1, Ethernet; path and index, contexts.
    ["a service header", `894f 0fc6 01 03 00000aff ${"00".repeat(16)} ${FRAME}`],
  ])("%s", (_, hex) => {
    const packet = frame(hex);
    expectSample(packet);
    expect(packet.tunnels.depth).toBe(0);
  });

  test.each([
    ["encrypted MACsec", `88e5 2c 00 00000001 0200000000010001 ${"ab".repeat(60)}`],
    ["MACsec without room for its check value", "88e5 00 00 00000001 0800 4500"],
    ["another version of TRILL", `22f3 4001 0001 0002 ${FRAME}`],
    ["a service header beyond the frame", "894f 0ffe 01 01 00000aff"],
    ["another subtype of Arista's", `d28b 0002 0010 69560000 00000001 0800 ${UDP_IN_IPV4}`],
    ["a cut tag", "8926 00010002 08"],
    ["a cut E-TAG", "893f 2001 0102 0000 08"],
  ])("%s is the payload", (_, hex) => {
    const packet = frame(hex);
    expect([packet.ipVersion, payloadHex(packet)]).toEqual([0, hex.slice(4).replaceAll(" ", "")]);
  });

  test("the check value of MACsec is not payload", () => {
    const packet = frame(`88e5 00 00 00000001 0806 0001080006040001 ${"cc".repeat(16)}`);
    expect([payloadHex(packet), packet.payloadLengthBytes]).toEqual(["0001080006040001", 8]);
  });
});
