import { createHash } from "node:crypto";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { ByteSlot } from "../record/byte-slot.js";
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

// Baseline values of the specification and of pycommunityid for seed 0 (https://github.com/corelight/community-id-spec).
const baseline: readonly [string, number, string, string, number, number, string][] = [
  ["TCP", 6, "128.232.110.120", "66.35.250.204", 34855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
  [
    "TCP over IPv6",
    6,
    "2001:470:e5bf:dead:4957:2174:e82c:4887",
    "2607:f8b0:400c:c03::1a",
    63943,
    25,
    "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
  ],
  ["UDP", 17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="],
  ["SCTP", 132, "192.168.170.8", "192.168.170.56", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="],
  ["RSVP, without ports", 46, "1.2.3.4", "5.6.7.8", 0, 0, "1:ikv3kmf89luf73WPz1jOs49S768="],
];

// Type and code in place of ports. An experimental type has no counterpart, so its code is included and its direction is kept.
const icmpBaseline: readonly [string, number, string, string, number, number, string][] = [
  ["echo request", 1, "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  ["echo reply", 1, "192.168.0.1", "192.168.0.89", 0, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  ["experimental, code 0", 1, "192.168.0.89", "192.168.0.1", 20, 0, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI="],
  ["experimental, code 1", 1, "192.168.0.89", "192.168.0.1", 20, 1, "1:tz/fHIDUHs19NkixVVoOZywde+I="],
  [
    "neighbour solicitation",
    58,
    "fe80::200:86ff:fe05:80da",
    "fe80::260:97ff:fe07:69ea",
    135,
    0,
    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
  ],
  ["router advertisement", 58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 0, "1:pkvHqCL88/tg1k4cPigmZXUtL00="],
  [
    "time exceeded over IPv6",
    58,
    "3ffe:507:0:1:200:86ff:fe05:80da",
    "3ffe:507:0:1:260:97ff:fe07:69ea",
    3,
    0,
    "1:/OGBt9BN1ofenrmSPWYicpij2Vc=",
  ],
];

describe("the Community ID", () => {
  test.each(baseline)(
    "of %s is that of the specification, in both directions",
    (_, protocol, src, dst, srcPort, dstPort, id) => {
      expect(communityId(protocol, src, dst, srcPort, dstPort)).toBe(id);
      expect(communityId(protocol, dst, src, dstPort, srcPort)).toBe(id);
    },
  );

  test.each(icmpBaseline)("of an ICMP %s is that of the specification", (_, protocol, src, dst, type, code, id) => {
    expect(communityId(protocol, src, dst, type, code)).toBe(id);
  });

  test("of any packet is SHA-1 over what the specification says", () => {
    const address = fc.oneof(fc.tuple(fc.ipV4(), fc.ipV4()), fc.tuple(fc.ipV6(), fc.ipV6()));
    const protocol = fc.constantFrom(1, 6, 17, 47, 58, 89, 132);
    fc.assert(
      fc.property(protocol, address, fc.nat(65535), fc.nat(65535), (number, [src, dst], one, two) => {
        const [srcPort, dstPort] = number === 1 || number === 58 ? [one & 0xff, two & 0xff] : [one, two];
        expect(communityId(number, src, dst, srcPort, dstPort)).toBe(
          slowCommunityId(number, src, dst, srcPort, dstPort),
        );
      }),
    );
  });

  test("is omitted for a packet without IP", () => {
    const slot = new ByteSlot(COMMUNITY_ID_BYTES);
    writeCommunityId(new Packet(), slot);
    expect(slot.isPresent).toBe(false);
  });
});

/** The pseudo-code of the specification, word for word. */
function slowCommunityId(protocol: number, src: string, dst: string, srcPort: number, dstPort: number): string {
  const pairs: Record<number, number[][]> = {
    1: [
      [8, 0],
      [13, 14],
      [15, 16],
      [10, 9],
      [17, 18],
    ],
    58: [
      [128, 129],
      [130, 131],
      [133, 134],
      [135, 136],
      [139, 140],
      [144, 145],
    ],
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
  const order =
    Buffer.compare(ends[0]!.address, ends[1]!.address) || (hasPorts ? Buffer.compare(ends[0]!.port, ends[1]!.port) : 0);
  if (order > 0 && !(isIcmp && pair === undefined)) ends = ends.reverse();
  const hash = createHash("sha1").update(Buffer.from([0, 0]));
  hash
    .update(ends[0]!.address)
    .update(ends[1]!.address)
    .update(Buffer.from([protocol, 0]));
  if (hasPorts) hash.update(ends[0]!.port).update(ends[1]!.port);
  return `1:${hash.digest("base64")}`;
}
