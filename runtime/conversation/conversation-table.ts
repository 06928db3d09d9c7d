import { IpProtocol } from "../packet/ip-protocol.js";
import type { Packet } from "../packet/packet.js";
import { int32 } from "../wire/big-endian.js";
import { finishHash, hashWord, PROCESS_HASH_KEY } from "../wire/hash-key.js";

const NONE = -1;
/** Words of a key: protocol and VLANs, ports, tunnels, more of them and the IP version, then the two addresses, interleaved, of one word or four each. */
const KEY_WORDS = 12;
const ADDRESS_WORD = 4;

/**
 * Conversations by addresses, ports, protocol, VLANs and tunnels, both directions in one slot. Slots are numbers below the capacity,
 * which others index their columns with; the one that went longest without a packet is at the front of a doubly linked list, so
 * that idle timeouts and eviction look there only.
 */
export class ConversationTable {
  /** Slots in use. */
  size = 0;
  /** True when the sender of the packet last looked up is the lower endpoint; distinguishes the two directions. */
  isFromLower = false;
  readonly #hashKey: Int32Array;
  readonly #mask: number;
  readonly #buckets: Int32Array;
  readonly #chain: Int32Array;
  readonly #hashes: Int32Array;
  readonly #keys: Int32Array;
  /**
   * The slot before and the slot after each one in the order of their last packets. Behind those of the slots stands the link of the
   * order's two ends, at {@link capacity}: after it comes the oldest slot, before it the newest.
   */
  readonly #links: Int32Array;
  readonly #key = new Int32Array(KEY_WORDS);
  #keyWords = KEY_WORDS;
  #free = 0;
  #hash = 0;

  /** `hashKey` is the secret of its hashes. */
  constructor(
    readonly capacity: number,
    hashKey: Int32Array = PROCESS_HASH_KEY,
  ) {
    this.#hashKey = hashKey;
    const buckets = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = buckets - 1;
    this.#buckets = new Int32Array(buckets).fill(NONE);
    this.#chain = new Int32Array(capacity);
    this.#hashes = new Int32Array(capacity);
    this.#keys = new Int32Array(capacity * KEY_WORDS);
    this.#links = new Int32Array((capacity + 1) * 2).fill(capacity);
    // Free slots are chained too, by the link to the one after them.
    for (let i = 0; i < capacity; i++) this.#links[i * 2 + 1] = i + 1;
  }

  /** The slot that has gone longest without a packet, -1 when there is none. */
  get oldest(): number {
    const slot = this.#links[this.capacity * 2 + 1]!;
    return slot === this.capacity ? NONE : slot;
  }

  /** The slot of the packet's conversation, -1 for a new one. */
  find(packet: Readonly<Packet>): number {
    const hash = this.#writeKey(packet);
    let slot = this.#buckets[hash & this.#mask]!;
    while (slot !== NONE && !this.#hasKey(slot)) slot = this.#chain[slot]!;
    return slot;
  }

  /** Takes a free slot for the conversation that {@link find} has just not found. There is one while `size < capacity`. */
  insert(): number {
    const slot = this.#free;
    this.#free = this.#links[slot * 2 + 1]!;
    this.size++;
    const bucket = this.#hash & this.#mask;
    this.#hashes[slot] = this.#hash;
    this.#keys.set(this.#key, slot * KEY_WORDS);
    this.#chain[slot] = this.#buckets[bucket]!;
    this.#buckets[bucket] = slot;
    this.#append(slot);
    return slot;
  }

  /** Tells that the conversation has just had a packet. */
  touch(slot: number): void {
    if (slot === this.#links[this.capacity * 2]) return;
    this.#detach(slot);
    this.#append(slot);
  }

  remove(slot: number): void {
    const bucket = this.#hashes[slot]! & this.#mask;
    let at = this.#buckets[bucket]!;
    if (at === slot) this.#buckets[bucket] = this.#chain[slot]!;
    else {
      while (this.#chain[at] !== slot) at = this.#chain[at]!;
      this.#chain[at] = this.#chain[slot]!;
    }
    this.#detach(slot);
    this.#links[slot * 2 + 1] = this.#free;
    this.#free = slot;
    this.size--;
  }

  /** Conversations in the fullest bucket. */
  get longestChain(): number {
    let longest = 0;
    for (let slot of this.#buckets) {
      let length = 0;
      for (; slot !== NONE; slot = this.#chain[slot]!) length++;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  #hasKey(slot: number): boolean {
    const key = this.#key;
    const keys = this.#keys;
    const words = this.#keyWords;
    const at = slot * KEY_WORDS;
    for (let i = 0; i < words; i++) if (keys[at + i] !== key[i]) return false;
    return true;
  }

  #append(slot: number): void {
    const links = this.#links;
    const ends = this.capacity * 2;
    const newest = links[ends]!;
    links[slot * 2] = newest;
    links[slot * 2 + 1] = this.capacity;
    links[newest * 2 + 1] = slot;
    links[ends] = slot;
  }

  #detach(slot: number): void {
    const links = this.#links;
    const older = links[slot * 2]!;
    const newer = links[slot * 2 + 1]!;
    links[older * 2 + 1] = newer;
    links[newer * 2] = older;
  }

  /** Writes the key of both directions: the lower endpoint first. Returns its hash. */
  #writeKey(packet: Readonly<Packet>): number {
    const { bytes, ipProtocol } = packet;
    const src = packet.srcAddressStart;
    const dst = packet.dstAddressStart;
    const words = packet.addressLength >> 2;
    // ICMP has a type and a code there, which differ between the directions: its conversations go by addresses.
    const hasPorts = ipProtocol !== IpProtocol.Icmp && ipProtocol !== IpProtocol.Icmpv6;
    let order = 0;
    for (let i = 0; order === 0 && i < words; i++) {
      order = (int32(bytes, src + i * 4) >>> 0) - (int32(bytes, dst + i * 4) >>> 0);
    }
    if (order === 0 && hasPorts) order = packet.srcPort - packet.dstPort;
    const isFromLower = order <= 0;
    this.isFromLower = isFromLower;
    const low = isFromLower ? src : dst;
    const high = isFromLower ? dst : src;
    const key = this.#key;
    key[0] = ipProtocol | (packet.vlanId << 8) | (packet.innerVlanId << 20);
    key[1] = hasPorts
      ? isFromLower
        ? (packet.srcPort << 16) | packet.dstPort
        : (packet.dstPort << 16) | packet.srcPort
      : 0;
    const secret = this.#hashKey;
    let sum = (hashWord(key[0], secret[0]!) + hashWord(key[1]!, secret[1]!)) | 0;
    // The lowest bits of the fourth word distinguish the IP versions.
    if (packet.tunnels.depth > 0) {
      packet.tunnels.writeNetwork(key, 2);
      key[3] = (key[3]! & ~7) | words;
      sum = (sum + hashWord(key[2]!, secret[2]!)) | 0;
    } else {
      key[2] = 0;
      key[3] = words;
    }
    let at = ADDRESS_WORD;
    for (let i = 0; i < words; i++) {
      const a = int32(bytes, low + i * 4);
      const b = int32(bytes, high + i * 4);
      sum = (sum + hashWord(a, secret[at]!)) | 0;
      key[at++] = a;
      sum = (sum + hashWord(b, secret[at]!)) | 0;
      key[at++] = b;
    }
    const hash = finishHash(sum);
    this.#keyWords = at;
    this.#hash = hash;
    return hash;
  }
}
