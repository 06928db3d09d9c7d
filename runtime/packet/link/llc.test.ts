import { describe, expect, test } from "vitest";
import { packetFromHex, payloadHex } from "../testing/packet-from-hex.js";
import { byteLength, UDP_IN_IPV4, UDP_IN_IPV6 } from "../testing/packets.js";
import { expectSample } from "../tunnel/testing/tunnel.js";

/** An IEEE 802.3 frame with its length, followed by padding. */
const frame = (llc: string) =>
  packetFromHex(`020000000002 020000000001 ${byteLength(llc).toString(16).padStart(4, "0")} ${llc} ${"00".repeat(20)}`);

describe("logical link control", () => {
  test.each([
    ["SNAP", `aaaa03 000000 0800 ${UDP_IN_IPV4}`],
    ["SNAP of Cisco's bridges", `aaaa03 0000f8 86dd ${UDP_IN_IPV6}`],
    ["SNAP with a tag", `aaaa03 000000 8100 0007 0800 ${UDP_IN_IPV4}`],
    ["IP's own access point", `060603 ${UDP_IN_IPV4}`],
  ])("%s leads to the packet", (_, llc) => expectSample(frame(llc)));

  test("an Ethernet type other than IP is passed to its decoder, with its payload", () => {
    const packet = frame("aaaa03 000000 0806 0001080006040001");
    expect([packet.etherType, payloadHex(packet), packet.payloadLengthBytes]).toEqual([0x0806, "0001080006040001", 8]);
  });

  test.each([
    ["a spanning tree message", "424203 0000000000"],
    ["another organization", `aaaa03 00000c 2000 ${UDP_IN_IPV4}`],
    ["a protocol that is a length", `aaaa03 000000 0020 ${UDP_IN_IPV4}`],
    ["a supervisory frame", `aaaa01 000000 0800 ${UDP_IN_IPV4}`],
    ["cut SNAP", "aaaa03 000000 08"],
    ["one access point only", `aa0003 000000 0800 ${UDP_IN_IPV4}`],
  ])("%s is the payload", (_, llc) => {
    const packet = frame(llc);
    expect([packet.etherType, packet.ipVersion, payloadHex(packet)]).toEqual([0, 0, llc.replaceAll(" ", "")]);
  });

  test("in a frame longer than its length field can state", () => {
    expectSample(packetFromHex(`020000000002 020000000001 8870 aaaa03 000000 0800 ${UDP_IN_IPV4}`));
  });
});
