import { describe, expect, it } from "vitest";
import { CLIENT6, hex, QUOTED, QUOTED6, rowsOf, TO_CLIENT, TO_CLIENT6, verdictOf } from "./testing/messages.js";

describe("extensions", () => {
  // Version 2; an MPLS object with label 16001, class 5, TTL 1, then label 3, bottom of the stack, TTL 254
  const LABELS = "000c 01 01 03e81a01 000031fe";
  const quotedIn128 = QUOTED + "00".repeat(100);

  it("give the label stack that the packet came with (RFC 4950)", () => {
    // 32 words are quoted
    expect(rowsOf([hex("0b 00 0000 00 20 0000", quotedIn128, "2000 0000", LABELS), TO_CLIENT])).toMatchObject([
      {
        quoted_length: 128,
        mpls_labels: [16001, 3],
        mpls_traffic_classes: [5, 0],
        mpls_ttls: [1, 254],
        inner_dst_port: 123,
        malformed: false,
      },
    ]);
  });

  it("are found after 128 bytes without a length, if their checksum is correct", () => {
    const withChecksum = (checksum: string) =>
      rowsOf([hex("0b 00 0000 00000000", quotedIn128, "2000", checksum, LABELS), TO_CLIENT]);
    // The complement of 2000 + 000c + 0101 + 03e8 + 1a01 + 0000 + 31fe
    expect(withChecksum("8f0b")).toMatchObject([{ quoted_length: null, mpls_labels: [16001, 3] }]);
    expect(withChecksum("8f0c")).toMatchObject([{ mpls_labels: [], malformed: false }]);
    expect(withChecksum("0000")).toMatchObject([{ mpls_labels: [], malformed: false }]);
  });

  it("name the interface that the packet came in by (RFC 5837)", () => {
    // Role 0; index 7, IPv6 address, name of 5 with padding, MTU 1500: 4 + 20 + 8 + 4 bytes
    const object = "0028 02 0f 00000007 0002 0000 20010db8000000000000000000000001 08 6765302f31 0000 000005dc";
    expect(
      rowsOf([hex("03 00 0000 10 000000", QUOTED6, "00".repeat(80), "2000 0000", object), TO_CLIENT6]),
    ).toMatchObject([
      {
        quoted_length: 128,
        interface_role: "INCOMING",
        interface_index: 7,
        interface_address: CLIENT6,
        interface_name: "ge0/1",
        interface_mtu: 1500,
        malformed: false,
      },
    ]);
  });

  it.each([
    ["version 1", "1000 0000", LABELS],
    ["an object that is too long", "2000 0000", "000d 01 01 03e81a01 000031fe"],
    ["an object without its header", "2000 0000", "0003 01 01"],
    ["an interface without its index", "2000 0000", "0004 02 08"],
    ["an interface with an address of no family", "2000 0000", "000c 02 04 0009 0000 00000000"],
  ])("that break their format flag the row: %s", (_, header, object) => {
    const message = hex("0b 00 0000 00 20 0000", quotedIn128, header, object);
    expect(rowsOf([message, TO_CLIENT])).toMatchObject([{ malformed: true, inner_dst_port: 123 }]);
    expect(verdictOf(message, TO_CLIENT)).toMatchObject({ rows: 1, malformed: 1 });
  });
});
