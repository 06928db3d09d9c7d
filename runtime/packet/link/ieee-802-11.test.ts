import { describe, expect, test } from "vitest";
import { LinkType } from "../link-type.js";
import { packetFromHex, payloadHex } from "../testing/packet-from-hex.js";
import { UDP_IN_IPV4 } from "../testing/packets.js";
import { expectSample } from "../tunnel/testing/tunnel.js";

const ADDRESSES = "020000000001 020000000002 020000000003";
const SNAP = `aaaa03 000000 0800 ${UDP_IN_IPV4}`;

describe("IEEE 802.11", () => {
  // Frame control, duration, addresses, sequence control.
  const frame = (control: string, rest: string, sequence = "1000") =>
    packetFromHex(`${control} 0000 ${ADDRESSES} ${sequence} ${rest}`, { linkType: LinkType.Ieee80211 });

  test.each([
    ["management", "8000", SNAP],
    ["control", "8400", SNAP],
    ["a data frame without data", "4801", SNAP],
    ["a protected frame", "0841", SNAP],
    ["the first of fragments", "0805", SNAP],
    ["an aggregate", "8801", `8000 ${SNAP}`],
    ["another version", "0901", SNAP],
    ["no SNAP", "0801", `424203 ${UDP_IN_IPV4}`],
  ])("%s is not decoded", (_, control, rest) => expect(frame(control, rest).ipVersion).toBe(0));

  test("a later fragment is not decoded", () => {
    expect(frame("0801", SNAP, "1100").ipVersion).toBe(0);
  });
});

describe("radiotap", () => {
  const DATA = `0801 0000 ${ADDRESSES} 1000`;
  const QOS_DATA = `8801 0000 ${ADDRESSES} 1000 0500`;
  const radiotap = (hex: string) => packetFromHex(hex, { linkType: LinkType.Ieee80211Radiotap });

  test("the frame check sequence indicated by the flags is not payload", () => {
    // Version, length 9, flags present, flags: frame check sequence. EAPOL of 4 bytes, then the sequence.
    const packet = radiotap(`0000 0900 02000000 10 ${DATA} aaaa03 000000 888e 02030000 deadbeef`);
    expect([packet.etherType, payloadHex(packet), packet.payloadLengthBytes]).toEqual([0x888e, "02030000", 4]);
  });

  test("padding of the header is skipped, also after a timestamp and a second word of present fields", () => {
    expectSample(radiotap(`0000 0900 02000000 20 ${QOS_DATA} 0000 ${SNAP}`));
    expectSample(radiotap(`0000 1100 03000000 0102030405060708 20 ${QOS_DATA} 0000 ${SNAP}`));
    // Two words of present fields end at byte 12; the timestamp is aligned to 16.
    expectSample(radiotap(`0000 1900 03000080 00000000 00000000 0102030405060708 20 ${QOS_DATA} 0000 ${SNAP}`));
  });

  test.each([
    ["another version", `0100 0800 00000000 ${DATA} ${SNAP}`],
    ["a length below the header's", `0000 0700 00000000 ${DATA} ${SNAP}`],
    ["a length beyond the frame", "0000 ff00 00000000"],
    ["flags beyond its length", `0000 0800 02000000 ${DATA}`],
  ])("with %s ends the walk", (_, hex) => expect(radiotap(hex).ipVersion).toBe(0));
});
