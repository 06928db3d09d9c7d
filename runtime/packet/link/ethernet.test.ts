import { describe, expect, test } from "vitest";
import { packetFromHex, payloadHex } from "../testing/packet-from-hex.js";

const ADDRESSES = "020000000002 020000000001";
const ARP = "0806 0001080006040001";

describe("Ethernet", () => {
  test("the payload of an Ethernet II frame is decoded by its type", () => {
    const packet = packetFromHex(`${ADDRESSES} ${ARP}`);
    expect(packet.etherType).toBe(0x0806);
    expect(packet.vlanId).toBe(0);
    expect(payloadHex(packet)).toBe("0001080006040001");
    expect(packet.payloadLengthBytes).toBe(8);
  });

  test("an 802.3 length is not a type, and bytes after the length are padding", () => {
    // Length 3, LLC 42 42 03 (spanning tree), padding 00 00.
    const packet = packetFromHex(`${ADDRESSES} 0003 424203 0000`);
    expect(packet.etherType).toBe(0);
    expect(payloadHex(packet)).toBe("424203");
    expect(packet.payloadLengthBytes).toBe(3);
  });

  test("a tag of each kind is found, the outermost first, and those after the second are skipped", () => {
    // 802.1ad id 200, 802.1Q priority 5 id 7, 0x9100 id 9.
    const packet = packetFromHex(`${ADDRESSES} 88a8 00c8 8100 a007 9100 0009 ${ARP}`);
    expect([packet.vlanId, packet.innerVlanId, packet.etherType]).toEqual([200, 7, 0x0806]);
    expect(payloadHex(packet)).toBe("0001080006040001");
  });

  test("tags with pre-standard types are found too", () => {
    for (const tag of ["9100", "9200", "9300"]) {
      const packet = packetFromHex(`${ADDRESSES} ${tag} 0003 8100 0004 ${ARP}`);
      expect([packet.vlanId, packet.innerVlanId, packet.etherType]).toEqual([3, 4, 0x0806]);
    }
  });

  test("a priority tag has the id 0, and is a tag", () => {
    const packet = packetFromHex(`${ADDRESSES} 8100 a000 8100 0004 ${ARP}`);
    expect([packet.vlanId, packet.innerVlanId, packet.vlanTags]).toEqual([0, 4, 2]);
  });

  test("a tag that the kernel stripped is the outermost", () => {
    const packet = packetFromHex(`${ADDRESSES} 8100 0007 ${ARP}`, { strippedVlanTag: 0x88a820c8 });
    expect([packet.vlanId, packet.innerVlanId]).toEqual([200, 7]);
  });

  test("a frame truncated within its header or a tag keeps the complete parts", () => {
    expect(payloadHex(packetFromHex("0200000000020200"))).toBe("0200000000020200");
    const cutTag = packetFromHex(`${ADDRESSES} 8100 00`);
    expect([cutTag.etherType, cutTag.vlanId]).toEqual([0x8100, 0]);
    expect(payloadHex(cutTag)).toBe("00");
  });
});
