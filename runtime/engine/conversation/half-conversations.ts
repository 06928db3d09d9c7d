import { finishHash } from "../../bytes/hash-key.js";

const NONE = -1;

/** Conversations of which one direction was seen, by the hash of their key, newest first. */
export class HalfConversations {
  readonly #mask: number;
  readonly #buckets: Int32Array;
  /** The previous and the next slot of each one in its bucket; the first one has its bucket as the previous slot, as a number below -1. */
  readonly #links: Int32Array;

  constructor(capacity: number) {
    const buckets = 2 ** Math.ceil(Math.log2(capacity));
    this.#mask = buckets - 1;
    this.#buckets = new Int32Array(buckets).fill(NONE);
    this.#links = new Int32Array(capacity * 2);
  }

  /** The first slot that may have the key, -1 for none. */
  first(keyHash: number): number {
    return this.#buckets[finishHash(keyHash) & this.#mask]!;
  }

  /** The slot after `slot`, -1 for none. */
  next(slot: number): number {
    return this.#links[slot * 2 + 1]!;
  }

  /** Adds a slot that is not in the index. */
  add(slot: number, keyHash: number): void {
    const links = this.#links;
    const bucket = finishHash(keyHash) & this.#mask;
    const first = this.#buckets[bucket]!;
    links[slot * 2] = -2 - bucket;
    links[slot * 2 + 1] = first;
    if (first !== NONE) links[first * 2] = slot;
    this.#buckets[bucket] = slot;
  }

  /** Removes a slot that is in the index. */
  remove(slot: number): void {
    const links = this.#links;
    const before = links[slot * 2]!;
    const after = links[slot * 2 + 1]!;
    if (before < NONE) this.#buckets[-2 - before] = after;
    else links[before * 2 + 1] = after;
    if (after !== NONE) links[after * 2] = before;
  }
}
