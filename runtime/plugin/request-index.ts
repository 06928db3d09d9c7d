import { REQUEST_KEY_WORDS, RequestKey } from "./request-key.js";
import { NO_REQUEST } from "./request-owner.js";

const NONE = NO_REQUEST;
const TAG_WORDS = 3;

/** Slots of open requests by the hashes of their keys. */
export class RequestIndex {
  /** The key that slots are compared with, and that an added one gets; its hash is what {@link RequestKey.write} returned. */
  readonly key: RequestKey;
  readonly #mask: number;
  readonly #buckets: Int32Array;
  readonly #next: Int32Array;
  readonly #hashes: Int32Array;
  readonly #keys: Int32Array;
  readonly #tags: Int32Array;

  /** `hashKey` is the secret of its hashes. */
  constructor(capacity: number, hashKey: Int32Array) {
    this.key = new RequestKey(hashKey);
    const buckets = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = buckets - 1;
    this.#buckets = new Int32Array(buckets).fill(NONE);
    this.#next = new Int32Array(capacity);
    this.#hashes = new Int32Array(capacity);
    this.#keys = new Int32Array(capacity * REQUEST_KEY_WORDS);
    this.#tags = new Int32Array(capacity * TAG_WORDS);
  }

  /** The slot that was added last under the key; {@link NO_REQUEST} for none. */
  first(hash: number): number {
    return this.#search(this.#buckets[hash & this.#mask]!, hash);
  }

  /** The slot under the key that was added before `slot`. */
  before(slot: number, hash: number): number {
    return this.#search(this.#next[slot]!, hash);
  }

  /** True where the slot's request was seen in the VLANs and tunnels that the key was. */
  equalsTags(slot: number): boolean {
    const { tags } = this.key;
    const at = slot * TAG_WORDS;
    return this.#tags[at] === tags[0] && this.#tags[at + 1] === tags[1] && this.#tags[at + 2] === tags[2];
  }

  /** Adds a slot under the key. */
  add(slot: number, hash: number): void {
    const { words, tags, length } = this.key;
    const keys = this.#keys;
    const at = slot * REQUEST_KEY_WORDS;
    for (let i = 0; i < length; i++) keys[at + i] = words[i]!;
    for (let i = 0; i < TAG_WORDS; i++) this.#tags[slot * TAG_WORDS + i] = tags[i]!;
    const bucket = hash & this.#mask;
    this.#hashes[slot] = hash;
    this.#next[slot] = this.#buckets[bucket]!;
    this.#buckets[bucket] = slot;
  }

  remove(slot: number): void {
    const next = this.#next;
    const bucket = this.#hashes[slot]! & this.#mask;
    let at = this.#buckets[bucket]!;
    if (at === slot) this.#buckets[bucket] = next[slot]!;
    else {
      while (next[at] !== slot) at = next[at]!;
      next[at] = next[slot]!;
    }
  }

  /** Slots in the fullest bucket. */
  get longestChain(): number {
    let longest = 0;
    for (let slot of this.#buckets) {
      let length = 0;
      for (; slot !== NONE; slot = this.#next[slot]!) length++;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  #search(slot: number, hash: number): number {
    while (slot !== NONE && (this.#hashes[slot] !== hash || !this.#hasKey(slot))) slot = this.#next[slot]!;
    return slot;
  }

  #hasKey(slot: number): boolean {
    const { words, length } = this.key;
    const keys = this.#keys;
    const at = slot * REQUEST_KEY_WORDS;
    for (let i = 0; i < length; i++) if (keys[at + i] !== words[i]) return false;
    return true;
  }
}
