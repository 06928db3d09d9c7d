import { int32 } from "../bytes/big-endian.js";
import { finishHash, hashWord, PROCESS_HASH_KEY } from "../bytes/hash-key.js";
import { FragmentedDatagram } from "./fragmented-datagram.js";
import type { Packet } from "./packet.js";

/** Words of a key: identification, IP version and protocol, VLANs, tunnels, then the two addresses. */
const ADDRESS_WORD = 5;
const MAX_KEY_WORDS = ADDRESS_WORD + 8;

/**
 * Datagrams that wait for fragments, found by the values that a datagram's fragments share: addresses, identification and, over IPv4, protocol
 * (RFC 791, section 3.2), in one network. They are kept in the order in which their first fragments arrived.
 */
export class FragmentTable {
  readonly #hashKey: Int32Array;
  readonly #inOrder = new Set<FragmentedDatagram>();
  /** First datagram with a hash; others are chained to it. */
  readonly #byHash = new Map<number, FragmentedDatagram>();
  readonly #key = new Int32Array(MAX_KEY_WORDS);
  #keyWords = 0;
  #hash = 0;

  /** `hashKey` is the secret key of its hashes. */
  constructor(hashKey: Int32Array = PROCESS_HASH_KEY) {
    this.#hashKey = hashKey;
  }

  get size(): number {
    return this.#inOrder.size;
  }

  /** Largest number of datagrams with one hash. */
  get longestChain(): number {
    let longest = 0;
    for (const first of this.#byHash.values()) {
      let length = 0;
      for (let at: FragmentedDatagram | undefined = first; at !== undefined; at = at.next) length++;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /** The datagrams in the order in which they began; they may be removed during iteration. */
  values(): Iterable<FragmentedDatagram> {
    return this.#inOrder;
  }

  /** The datagram that a fragment belongs to. */
  find(packet: Readonly<Packet>): FragmentedDatagram | undefined {
    this.#writeKey(packet);
    let datagram = this.#byHash.get(this.#hash);
    while (datagram !== undefined && !this.#hasKey(datagram)) datagram = datagram.next;
    return datagram;
  }

  /** Begins the datagram that {@link find} has just not found. */
  insert(since: number): FragmentedDatagram {
    const key = this.#key.slice(0, this.#keyWords);
    const datagram = new FragmentedDatagram(since, key, this.#hash);
    datagram.next = this.#byHash.get(this.#hash);
    this.#byHash.set(this.#hash, datagram);
    this.#inOrder.add(datagram);
    return datagram;
  }

  remove(datagram: FragmentedDatagram): void {
    if (!this.#inOrder.delete(datagram)) return;
    const { hash, next } = datagram;
    let at = this.#byHash.get(hash)!;
    if (at !== datagram) {
      while (at.next !== datagram) at = at.next!;
      at.next = next;
    } else if (next === undefined) this.#byHash.delete(hash);
    else this.#byHash.set(hash, next);
  }

  #hasKey({ key }: FragmentedDatagram): boolean {
    if (key.length !== this.#keyWords) return false;
    for (let i = 0; i < key.length; i++) if (key[i] !== this.#key[i]) return false;
    return true;
  }

  #writeKey(packet: Readonly<Packet>): void {
    const { bytes, addressLength, srcAddressStart, dstAddressStart, tunnels } = packet;
    const key = this.#key;
    key[0] = packet.fragmentIdentification;
    key[1] = packet.ipVersion === 4 ? packet.ipProtocol : -1;
    key[2] = packet.vlanId | (packet.innerVlanId << 16);
    if (tunnels.depth > 0) tunnels.writeNetwork(key, 3);
    else {
      key[3] = 0;
      key[4] = 0;
    }
    let at = ADDRESS_WORD;
    for (let i = 0; i < addressLength; i += 4) {
      key[at++] = int32(bytes, srcAddressStart + i);
      key[at++] = int32(bytes, dstAddressStart + i);
    }
    let sum = 0;
    for (let i = 0; i < at; i++) sum = (sum + hashWord(key[i]!, this.#hashKey[i]!)) | 0;
    this.#keyWords = at;
    this.#hash = finishHash(sum);
  }
}
