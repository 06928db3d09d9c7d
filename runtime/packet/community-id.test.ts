import { createHash } from "node:crypto";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { ByteSlot } from "../wire/byte-slot.js";
import { COMMUNITY_ID_BYTES, writeCommunityId } from "./community-id.js";
import { Packet } from "./packet.js";

function communityId(protocol: number, src: string, dst: string, srcPort: number, dstPort: number): string {
  const packet = new Packet();
  const addresses = [src, dst].map((address) => ipaddr.parse(address).toByteArray());
  packet.bytes = Uint8Array.from(addresses.flat());
  packet.addressLength = addresses[0]!.length;
  packet.dstAddressStart = packet.addressLength;
  packet.ipProtocol = protocol;
  packet.srcPort = srcPort;
  packet.dstPort = dstPort;
  const slot = new ByteSlot(COMMUNITY_ID_BYTES);
  writeCommunityId(packet, slot);
  return Buffer.from(slot.bytes.subarray(0, slot.length)).toString();
}

// The baseline of the specification for seed 0 (https://github.com/corelight/community-id-spec/tree/master/baseline).
const baseline: readonly [string, number, string, string, number, number, string][] = [
  ["TCP", 6, "128.232.110.120", "66.35.250.204", 34855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
  ["UDP", 17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="],
  ["ICMP echo", 1, "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  ["ICMP unreachable, one way", 1, "192.168.0.89", "192.168.0.1", 3, 1, "1:qf7MzfHPWgGbQEKIlCXzSuC+gb0="],
  ["SCTP", 132, "192.168.170.8", "192.168.170.56", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="],
];

describe("the Community ID", () => {
  test.each(baseline.filter(([name]) => !name.includes("one way") && name !== "SCTP"))(
    "of %s is that of the specification, in both directions",
    (name, protocol, src, dst, srcPort, dstPort, expected) => {
      expect(communityId(protocol, src, dst, srcPort, dstPort)).toBe(expected);
      if (name === "ICMP echo") expect(communityId(protocol, dst, src, 0, 0)).toBe(expected);
      else expect(communityId(protocol, dst, src, dstPort, srcPort)).toBe(expected);
    },
  );

  test("of any packet is SHA-1 over what the specification says", () => {
    const address = fc.oneof(
      fc.tuple(fc.ipV4(), fc.ipV4()),
      fc.tuple(fc.ipV6(), fc.ipV6()),
    );
    const protocol = fc.constantFrom(1, 6, 17, 47, 58, 89, 132);
    fc.assert(
      fc.property(protocol, address, fc.nat(65535), fc.nat(65535), (number, [src, dst], one, two) => {
        const [srcPort, dstPort] = number === 1 || number === 58 ? [one & 0xff, two & 0xff] : [one, two];
        expect(communityId(number, src, dst, srcPort, dstPort)).toBe(slowCommunityId(number, src, dst, srcPort, dstPort));
      }),
    );
  });

  test("is left out for a packet without IP", () => {
    const slot = new ByteSlot(COMMUNITY_ID_BYTES);
    writeCommunityId(new Packet(), slot);
    expect(slot.isPresent).toBe(false);
  });
});

/** The pseudo-code of the specification, word for word. */
function slowCommunityId(protocol: number, src: string, dst: string, srcPort: number, dstPort: number): string {
  const pairs: Record<number, number[][]> = {
    1: [[8, 0], [13, 14], [15, 16], [10, 9], [17, 18]],
    58: [[128, 129], [130, 131], [133, 134], [135, 136], [139, 140], [144, 145]],
  };
  const isIcmp = protocol === 1 || protocol === 58;
  const pair = pairs[protocol]?.find((candidate) => candidate.includes(srcPort));
  const other = pair === undefined ? dstPort : pair[0] === srcPort ? pair[1]! : pair[0]!;
  const port = (value: number) => Buffer.from([value >> 8, value & 0xff]);
  let ends = [
    { address: Buffer.from(ipaddr.parse(src).toByteArray()), port: port(srcPort) },
    { address: Buffer.from(ipaddr.parse(dst).toByteArray()), port: port(other) },
  ];
  const hasPorts = isIcmp || protocol === 6 || protocol === 17 || protocol === 132;
  const order = Buffer.compare(ends[0]!.address, ends[1]!.address) || (hasPorts ? Buffer.compare(ends[0]!.port, ends[1]!.port) : 0);
  if (order > 0 && !(isIcmp && pair === undefined)) ends = ends.reverse();
  const hash = createHash("sha1").update(Buffer.from([0, 0]));
  hash.update(ends[0]!.address).update(ends[1]!.address).update(Buffer.from([protocol, 0]));
  if (hasPorts) hash.update(ends[0]!.port).update(ends[1]!.port);
  return `1:${hash.digest("base64")}`;
}
