import type { ByteSlot } from "../record/byte-slot.js";
import { IpProtocol } from "./ip-protocol.js";
import type { Packet } from "./packet.js";
import { sha1Block as block, sha1Digest as digest, hashSha1Block } from "./sha1-block.js";

/** Length of a Community ID, version 1: "1:" and 20 bytes in base64. */
export const COMMUNITY_ID_BYTES = 30;

/** Offset of the message length, in bits, in a block of SHA-1. */
const MESSAGE_LENGTH = 15;

/** Marks an ICMP type without a counterpart. */
const ONE_WAY = -1;

const text = Uint8Array.from("1:___________________________=", (character) => character.charCodeAt(0));
/** Two base64 characters for each 12 bits, the first one in the lower half. */
const base64Pairs = pairsOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

const icmpCounterparts = counterparts([
  [8, 0],
  [9, 10],
  [13, 14],
  [15, 16],
  [17, 18],
]);
const icmpv6Counterparts = counterparts([
  [128, 129],
  [130, 131],
  [133, 134],
  [135, 136],
  [139, 140],
  [144, 145],
]);

/**
 * Writes the Community ID, version 1, seed 0 (https://github.com/corelight/community-id-spec) of the packet's conversation, the same
 * for both directions, into a slot of at least {@link COMMUNITY_ID_BYTES}. Does not change the slot for a packet without IP.
 *
 * The hashed message, padded to one block of SHA-1; only TCP, UDP, SCTP, ICMP and ICMPv6 have ports in it:
 * ```
 * seed 2 │ address 4 or 16 │ address 4 or 16 │ protocol 1 │ 0 │ port 2 │ port 2 │ 0x80 0 … │ length in bits 8
 * ```
 */
export function writeCommunityId(packet: Readonly<Packet>, slot: ByteSlot): void {
  const addressLength = packet.addressLength;
  if (addressLength === 0) return;
  const protocol = packet.ipProtocol;
  let srcPort = packet.srcPort;
  let dstPort = packet.dstPort;
  let isOneWay = false;
  if (protocol === IpProtocol.Icmp || protocol === IpProtocol.Icmpv6) {
    const counterpart = (protocol === IpProtocol.Icmp ? icmpCounterparts : icmpv6Counterparts)[srcPort & 0xff]!;
    if (counterpart === ONE_WAY) isOneWay = true;
    else dstPort = counterpart;
  }
  let first = packet.srcAddressStart;
  let second = packet.dstAddressStart;
  if (!isOneWay && isReversed(packet.bytes, first, second, addressLength, srcPort, dstPort)) {
    first = packet.dstAddressStart;
    second = packet.srcAddressStart;
    const port = srcPort;
    srcPort = dstPort;
    dstPort = port;
  }

  const bytes = packet.bytes;
  // After the two bytes of the seed, an address starts in the middle of one word and ends in the middle of another.
  block[0] = halfWord(bytes, first);
  let at = putMiddle(bytes, first, addressLength, 1);
  block[at++] = (halfWord(bytes, first + addressLength - 2) << 16) | halfWord(bytes, second);
  at = putMiddle(bytes, second, addressLength, at);
  block[at++] = (halfWord(bytes, second + addressLength - 2) << 16) | (protocol << 8);
  if (hasPorts(packet)) block[at++] = (srcPort << 16) | dstPort;
  block[MESSAGE_LENGTH] = at << 5;
  block[at++] = 0x80000000;
  while (at < MESSAGE_LENGTH) block[at++] = 0;
  hashSha1Block();
  writeText();
  slot.set(text, 0, COMMUNITY_ID_BYTES);
}

function hasPorts(packet: Readonly<Packet>): boolean {
  if (packet.fragmentOffset !== 0) return false;
  switch (packet.ipProtocol) {
    case IpProtocol.Tcp:
    case IpProtocol.Udp:
    case IpProtocol.Sctp:
    case IpProtocol.Icmp:
    case IpProtocol.Icmpv6:
      return true;
    default:
      return false;
  }
}

/** Whether the destination comes first: the lower address does, and of equal addresses the lower port. */
function isReversed(
  bytes: Uint8Array,
  src: number,
  dst: number,
  addressLength: number,
  srcPort: number,
  dstPort: number,
): boolean {
  for (let i = 0; i < addressLength; i++) {
    const difference = bytes[src + i]! - bytes[dst + i]!;
    if (difference !== 0) return difference > 0;
  }
  return srcPort > dstPort;
}

/** Writes an address without its first and last two bytes as whole words from `at` on; returns the position after them. */
function putMiddle(bytes: Uint8Array, start: number, addressLength: number, at: number): number {
  const end = start + addressLength - 2;
  let word = at;
  for (let i = start + 2; i < end; i += 4) block[word++] = (halfWord(bytes, i) << 16) | halfWord(bytes, i + 2);
  return word;
}

function halfWord(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** Base64 of the digest (RFC 4648): 13 pairs of characters for 156 bits, one character for the last 4; the "=" is already in place. */
function writeText(): void {
  let at = 2;
  for (let bit = 0; bit < 156; bit += 12) {
    const word = digest[bit >> 5]!;
    const shift = 20 - (bit & 31);
    const twelveBits = shift >= 0 ? word >>> shift : (word << -shift) | (digest[(bit >> 5) + 1]! >>> (32 + shift));
    const pair = base64Pairs[twelveBits & 0xfff]!;
    text[at] = pair & 0xff;
    text[at + 1] = pair >> 8;
    at += 2;
  }
  text[at] = base64Pairs[(digest[4]! << 8) & 0xf00]! & 0xff;
}

function pairsOf(alphabet: string): Uint16Array {
  const pairs = new Uint16Array(4096);
  for (let i = 0; i < 4096; i++) pairs[i] = alphabet.charCodeAt(i >> 6) | (alphabet.charCodeAt(i & 63) << 8);
  return pairs;
}

/** For each type, the type of its request or response. */
function counterparts(pairs: readonly (readonly [number, number])[]): Int16Array {
  const table = new Int16Array(256).fill(ONE_WAY);
  for (const [one, other] of pairs) {
    table[one] = other;
    table[other] = one;
  }
  return table;
}
