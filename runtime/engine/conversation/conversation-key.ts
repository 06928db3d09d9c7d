import { int32 } from "../../bytes/big-endian.js";
import { finishHash, hashWord } from "../../bytes/hash-key.js";
import { IpProtocol } from "../../packet/ip-protocol.js";
import type { Packet } from "../../packet/packet.js";
import { TagRule } from "./tag-rule.js";

// Constants of this module are inlined by the engine; those of an imported object are looked up at each use.
const ICMP = IpProtocol.Icmp;
const ICMPV6 = IpProtocol.Icmpv6;
const IGNORE_TAGS = TagRule.Ignore;

/**
 * Maximum words of a key, for which `ConversationMemory` has room: protocol and IP version, ports, then both addresses, interleaved, of
 * one or four words each.
 */
export const KEY_WORDS = 10;
const ADDRESS_WORD = 2;
/** Words of the tags of one direction: VLANs, then tunnels. */
export const TAG_WORDS = 3;

/** Key of a packet's conversation, equal in both directions, and the tags that the packet was seen with. */
export class ConversationKey {
  readonly words = new Int32Array(KEY_WORDS);
  readonly tags = new Int32Array(TAG_WORDS);
  /** Words of the key written last. */
  length = KEY_WORDS;
  /** Hash of the key, and hash of key and tags. */
  keyHash = 0;
  hash = 0;
  /** The sender is the lower endpoint; distinguishes the two directions. */
  isFromLower = false;
  readonly #tagRule: TagRule;
  readonly #hashKey: Int32Array;

  /** `hashKey` is the secret key of the hashes. */
  constructor(tagRule: TagRule, hashKey: Int32Array) {
    this.#tagRule = tagRule;
    this.#hashKey = hashKey;
  }

  /** Writes the key of both directions, the lower endpoint first, and the tags of the packet's direction; returns the hash of both. */
  write(packet: Readonly<Packet>): number {
    const { bytes, ipProtocol } = packet;
    const src = packet.srcAddressStart;
    const dst = packet.dstAddressStart;
    const words = packet.addressLength >> 2;
    // ICMP has a type and a code in the place of ports. They differ between the directions, so its conversations are keyed by addresses.
    const hasPorts = ipProtocol !== ICMP && ipProtocol !== ICMPV6;
    let a = words === 0 ? 0 : int32(bytes, src);
    let b = words === 0 ? 0 : int32(bytes, dst);
    let order = (a >>> 0) - (b >>> 0);
    for (let i = 4; order === 0 && i < words * 4; i += 4) {
      order = (int32(bytes, src + i) >>> 0) - (int32(bytes, dst + i) >>> 0);
    }
    if (order === 0 && hasPorts) order = packet.srcPort - packet.dstPort;
    const isFromLower = order <= 0;
    this.isFromLower = isFromLower;
    const low = isFromLower ? src : dst;
    const high = isFromLower ? dst : src;
    const kind = ipProtocol | (words << 8);
    const ports = !hasPorts
      ? 0
      : isFromLower
        ? (packet.srcPort << 16) | packet.dstPort
        : (packet.dstPort << 16) | packet.srcPort;
    const key = this.words;
    const secret = this.#hashKey;
    key[0] = kind;
    key[1] = ports;
    let sum = (hashWord(kind, secret[0]!) + hashWord(ports, secret[1]!)) | 0;
    let at = ADDRESS_WORD;
    if (!isFromLower) {
      const first = b;
      b = a;
      a = first;
    }
    for (let i = 0; i < words; i++) {
      if (i > 0) {
        a = int32(bytes, low + i * 4);
        b = int32(bytes, high + i * 4);
      }
      sum = (sum + hashWord(a, secret[at]!) + hashWord(b, secret[at + 1]!)) | 0;
      key[at++] = a;
      key[at++] = b;
    }
    this.length = at;
    this.keyHash = sum;
    const hash = finishHash((sum + this.#writeTag(packet)) | 0);
    this.hash = hash;
    return hash;
  }

  /** Writes the tags of the packet and returns their part of the hash. */
  #writeTag(packet: Readonly<Packet>): number {
    const tag = this.tags;
    if (this.#tagRule === IGNORE_TAGS) return 0;
    const secret = this.#hashKey;
    tag[0] = packet.vlanId | (packet.innerVlanId << 12);
    const sum = hashWord(tag[0], secret[KEY_WORDS]!);
    if (packet.tunnels.depth === 0) {
      tag[1] = 0;
      tag[2] = 0;
      return sum;
    }
    packet.tunnels.writeNetwork(tag, 1);
    return sum + hashWord(tag[1]!, secret[KEY_WORDS + 1]!);
  }

  /** Hash of a key stored in `words` from `at` on, as {@link keyHash}. */
  hashOf(words: Int32Array, at: number): number {
    const length = ADDRESS_WORD + 2 * (words[at]! >> 8);
    let sum = 0;
    for (let i = 0; i < length; i++) sum = (sum + hashWord(words[at + i]!, this.#hashKey[i]!)) | 0;
    return sum;
  }
}
