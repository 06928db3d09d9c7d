import { describe, expect, test } from "vitest";
import { ChecksumStatus, verifyChecksums, verifyNetworkChecksum, verifyTransportChecksum } from "./checksums.js";
import { crc32c } from "./crc32c.js";
import { LinkType } from "./link-type.js";
import { packetFromHex } from "./testing/packet-from-hex.js";

const RAW = { linkType: LinkType.Raw };
// The IPv4 header of a widely known example: its checksum is 0xb861. Total length 115, UDP without a checksum.
const HEADER = "4500 0073 0000 4000 4011 b861 c0a80001 c0a800c7";
const UDP = `c000 0035 005f 0000 ${"00".repeat(87)}`;

describe("checksums", () => {
  test("of an IPv4 header", () => {
    expect(verifyNetworkChecksum(packetFromHex(HEADER + UDP, RAW))).toBe(ChecksumStatus.Good);
    expect(verifyNetworkChecksum(packetFromHex(HEADER.replace("0073", "0072") + UDP, RAW))).toBe(ChecksumStatus.Bad);
  });

  test("without one for the datagram, the header's counts", () => {
    const packet = packetFromHex(HEADER + UDP, RAW);
    expect(verifyTransportChecksum(packet)).toBe(ChecksumStatus.Absent);
    expect(verifyChecksums(packet)).toBe(ChecksumStatus.Good);
  });

  test("that cover what was not captured are not verified", () => {
    const segment = `4500 0073 0000 4000 4006 b86c c0a80001 c0a800c7 ${"00".repeat(40)}`;
    const packet = packetFromHex(segment, { ...RAW, originalLengthBytes: 115 });
    expect(verifyTransportChecksum(packet)).toBe(ChecksumStatus.Unverifiable);
    expect(verifyChecksums(packet)).toBe(ChecksumStatus.Unverifiable);
    // An incorrect checksum in any other header is reported all the same.
    expect(verifyChecksums(packetFromHex(segment.replace("b86c", "b86d"), RAW))).toBe(ChecksumStatus.Bad);
  });

  test("of fragments are not verified", () => {
    const fragment = `4500 0073 0000 2000 4006 d86c c0a80001 c0a800c7 ${"00".repeat(95)}`;
    expect(verifyChecksums(packetFromHex(fragment, RAW))).toBe(ChecksumStatus.Unverifiable);
  });

  test("of a frame without IP there are none", () => {
    expect(verifyChecksums(packetFromHex("020000000002 020000000001 0806 0001080006040001"))).toBe(
      ChecksumStatus.Absent,
    );
  });
});

test("CRC32c of the known examples", () => {
  // RFC 3720, appendix B.4: 32 bytes of 0, of 0xff, counting up, and counting down.
  const of = (bytes: number[]) => crc32c(Uint8Array.from(bytes), 0, bytes.length);
  const counting = Array.from({ length: 32 }, (_, i) => i);
  expect(of(Array(32).fill(0))).toBe(0x8a9136aa);
  expect(of(Array(32).fill(255))).toBe(0x62a8ab43);
  expect(of(counting)).toBe(0x46dd794e);
  expect(of(counting.toReversed())).toBe(0x113fdb5c);
  // In two parts.
  const bytes = Uint8Array.from(counting);
  expect(crc32c(bytes, 10, 32, crc32c(bytes, 0, 10))).toBe(0x46dd794e);
});
