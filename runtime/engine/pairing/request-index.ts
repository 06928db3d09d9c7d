import { finishHash, hashWord } from "../../bytes/hash-key.js";
import { TagRule } from "../conversation/tag-rule.js";
import { REQUEST_KEY_WORDS, RequestKey } from "./request-key.js";
import { NO_REQUEST } from "./request-owner.js";

const NONE = NO_REQUEST;
const TAG_WORDS = 3;
/** Index, in the secret key, of the first word for tags; the words before it are for keys. */
const TAG_SECRET = 16;

/**
 * Slots of open requests by key and tags, and by key alone to find a request with other tags. Networks with the same addresses may each
 * have many requests of one key.
 *
 * As long as all requests have the same tags, the index by key alone is not kept.
 */
export class RequestIndex {
  /** The key that slots are compared with, and that an added slot gets; its hash is the one that {@link RequestKey.write} returned. */
  readonly key: RequestKey;
  readonly #tagRule: TagRule;
  readonly #hashKey: Int32Array;
  readonly #mask: number;
  /** By key and tags. */
  readonly #here: Chains;
  /** By key; undefined as long as all requests have the same tags, and if the tag rule does not join other tags. */
  #elsewhere: Chains | undefined;
  /** The tags that all requests have had so far; unset before the first one. */
  readonly #onlyTags = new Int32Array(TAG_WORDS);
  #hasOnlyTags = false;
  readonly #hashes: Int32Array;
  readonly #keys: Int32Array;
  readonly #tags: Int32Array;

  /** `hashKey` is the secret key of its hashes. */
  constructor(capacity: number, tagRule: TagRule, hashKey: Int32Array) {
    this.key = new RequestKey(hashKey);
    this.#tagRule = tagRule;
    this.#hashKey = hashKey;
    const buckets = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = buckets - 1;
    this.#here = new Chains(buckets, capacity);
    this.#hashes = new Int32Array(capacity);
    this.#keys = new Int32Array(capacity * REQUEST_KEY_WORDS);
    this.#tags = new Int32Array(capacity * TAG_WORDS);
  }

  /** The newest slot under the key and its tags; {@link NO_REQUEST} for none. */
  first(hash: number): number {
    return this.#search(this.#here.buckets[this.#bucketHere(hash)]!, hash);
  }

  /** The next older slot under the key and its tags, added before `slot`. */
  before(slot: number, hash: number): number {
    return this.#search(this.#here.next[slot]!, hash);
  }

  /** The newest slot under the key, whatever its tags; {@link NO_REQUEST} for none, and with another rule than `TagRule.Join`. */
  firstElsewhere(hash: number): number {
    if (this.#tagRule !== TagRule.Join) return NONE;
    this.#compareTags();
    const elsewhere = this.#elsewhere;
    return elsewhere === undefined
      ? NONE
      : this.#searchElsewhere(elsewhere, elsewhere.buckets[hash & this.#mask]!, hash);
  }

  /** The next older slot under the key, whatever its tags, added before `slot`. */
  beforeElsewhere(slot: number, hash: number): number {
    const elsewhere = this.#elsewhere!;
    return this.#searchElsewhere(elsewhere, elsewhere.next[slot]!, hash);
  }

  /** Whether the slot's request has the same tags as the key. */
  equalsTags(slot: number): boolean {
    const { tags } = this.key;
    const at = slot * TAG_WORDS;
    return this.#tags[at] === tags[0] && this.#tags[at + 1] === tags[1] && this.#tags[at + 2] === tags[2];
  }

  /** Adds a slot under the key and its tags. */
  add(slot: number, hash: number): void {
    const { words, tags, length } = this.key;
    const keys = this.#keys;
    const at = slot * REQUEST_KEY_WORDS;
    for (let i = 0; i < length; i++) keys[at + i] = words[i]!;
    for (let i = 0; i < TAG_WORDS; i++) this.#tags[slot * TAG_WORDS + i] = tags[i]!;
    this.#hashes[slot] = hash;
    if (this.#tagRule === TagRule.Join) this.#compareTags();
    this.#here.add(slot, this.#bucketHere(hash));
    this.#elsewhere?.add(slot, hash & this.#mask);
  }

  remove(slot: number): void {
    const hash = this.#hashes[slot]!;
    const at = slot * TAG_WORDS;
    const tags = this.#tags;
    this.#here.remove(slot, this.#bucketOf(hash, tags[at]!, tags[at + 1]!, tags[at + 2]!));
    this.#elsewhere?.remove(slot, hash & this.#mask);
  }

  /** Number of slots in the fullest bucket. */
  get longestChain(): number {
    return this.#here.longest;
  }

  /** Starts the index by key alone when a key has other tags than all keys before it. */
  #compareTags(): void {
    if (this.#elsewhere !== undefined) return;
    const { tags } = this.key;
    const only = this.#onlyTags;
    if (!this.#hasOnlyTags) {
      only.set(tags);
      this.#hasOnlyTags = true;
    }
    if (tags[0] === only[0] && tags[1] === only[1] && tags[2] === only[2]) return;
    const elsewhere = new Chains(this.#mask + 1, this.#hashes.length);
    for (const chain of this.#here.all()) {
      for (const slot of chain.reverse()) elsewhere.add(slot, this.#hashes[slot]! & this.#mask);
    }
    this.#elsewhere = elsewhere;
  }

  #bucketHere(hash: number): number {
    const { tags } = this.key;
    return this.#bucketOf(hash, tags[0]!, tags[1]!, tags[2]!);
  }

  #bucketOf(hash: number, vlans: number, first: number, second: number): number {
    if (this.#tagRule === TagRule.Ignore || (vlans | first | second) === 0) return hash & this.#mask;
    const secret = this.#hashKey;
    const sum =
      hashWord(vlans, secret[TAG_SECRET]!) +
      hashWord(first, secret[TAG_SECRET + 1]!) +
      hashWord(second, secret[TAG_SECRET + 2]!);
    return (hash ^ finishHash(sum | 0)) & this.#mask;
  }

  #search(slot: number, hash: number): number {
    const { next } = this.#here;
    while (slot !== NONE && !(this.#hashes[slot] === hash && this.#hasTags(slot) && this.#hasKey(slot))) {
      slot = next[slot]!;
    }
    return slot;
  }

  #searchElsewhere({ next }: Chains, slot: number, hash: number): number {
    while (slot !== NONE && (this.#hashes[slot] !== hash || !this.#hasKey(slot))) slot = next[slot]!;
    return slot;
  }

  #hasTags(slot: number): boolean {
    return this.#tagRule === TagRule.Ignore || this.equalsTags(slot);
  }

  #hasKey(slot: number): boolean {
    const { words, length } = this.key;
    const keys = this.#keys;
    const at = slot * REQUEST_KEY_WORDS;
    for (let i = 0; i < length; i++) if (keys[at + i] !== words[i]) return false;
    return true;
  }
}

/** Buckets of slots, each a doubly linked chain, newest first. */
class Chains {
  readonly buckets: Int32Array;
  readonly next: Int32Array;
  readonly #previous: Int32Array;

  constructor(buckets: number, capacity: number) {
    this.buckets = new Int32Array(buckets).fill(NONE);
    this.next = new Int32Array(capacity);
    this.#previous = new Int32Array(capacity);
  }

  add(slot: number, bucket: number): void {
    const first = this.buckets[bucket]!;
    this.next[slot] = first;
    this.#previous[slot] = NONE;
    if (first !== NONE) this.#previous[first] = slot;
    this.buckets[bucket] = slot;
  }

  remove(slot: number, bucket: number): void {
    const next = this.next[slot]!;
    const previous = this.#previous[slot]!;
    if (previous === NONE) this.buckets[bucket] = next;
    else this.next[previous] = next;
    if (next !== NONE) this.#previous[next] = previous;
  }

  get longest(): number {
    let longest = 0;
    for (const { length } of this.all()) longest = Math.max(longest, length);
    return longest;
  }

  /** The slots of each non-empty bucket, newest first. */
  *all(): Iterable<number[]> {
    for (const first of this.buckets) {
      const chain: number[] = [];
      for (let slot = first; slot !== NONE; slot = this.next[slot]!) chain.push(slot);
      if (chain.length > 0) yield chain;
    }
  }
}
