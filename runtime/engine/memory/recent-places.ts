const NONE = -1;
/** First words of a place: the hash of its key, and the number of the previous key in its bucket. */
const HASH = 0;
const CHAIN = 1;
/** Words at the start of each place that are not the caller's. */
export const PLACE_WORDS = 2;

/**
 * A fixed number of places for the most recently added keys, found by hash: each new key replaces the oldest one. Which keys
 * are present depends only on the order in which they were added, not on the secret key of their hashes.
 *
 * Keys are numbered in order and chained by these numbers, each to an earlier one in its bucket. A chain ends at a number that is
 * too old to still have its place, so nothing needs to be unlinked when a place is reused.
 */
export class RecentPlaces {
  /** Words of all places, one place after the other; those after the first {@link PLACE_WORDS} of each are the caller's. */
  readonly words: Int32Array;
  readonly #stride: number;
  readonly #capacity: number;
  readonly #mask: number;
  /** Number of the newest key by bucket; numbers wrap around after 2^32 keys. */
  readonly #buckets: Int32Array;
  /** Number of the next key, and count of keys added, at most the capacity. */
  #next = 0;
  #used = 0;

  /** Has room for the power of two that is at least `minimum`; each place has `stride` words. */
  constructor(minimum: number, stride: number) {
    this.#capacity = 2 ** Math.ceil(Math.log2(minimum));
    this.#stride = stride;
    this.words = new Int32Array(this.#capacity * this.#stride);
    const buckets = this.#capacity * 2;
    this.#mask = buckets - 1;
    this.#buckets = new Int32Array(buckets).fill(NONE);
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Place of the key added last. */
  get newest(): number {
    return (this.#next - 1) & (this.#capacity - 1);
  }

  /** The newest place whose key has the hash; -1 for none. */
  find(hash: number): number {
    return this.#search(this.#buckets[hash & this.#mask]!, this.#next, hash);
  }

  /** The next older place after `place` with the hash; -1 for none. */
  findAfter(place: number, hash: number): number {
    return this.#search(this.words[place * this.#stride + CHAIN]!, this.#numberOf(place), hash);
  }

  /** Takes a place for a key and discards its previous key. */
  add(hash: number): number {
    const number = this.#next;
    this.#next = (number + 1) | 0;
    if (this.#used < this.#capacity) this.#used++;
    const place = number & (this.#capacity - 1);
    const at = place * this.#stride;
    const bucket = hash & this.#mask;
    this.words[at + HASH] = hash;
    this.words[at + CHAIN] = this.#buckets[bucket]!;
    this.#buckets[bucket] = number;
    return place;
  }

  /** The place with the hash of the key `number` or of an older one in its chain, if it is older than the key `newer`. */
  #search(number: number, newer: number, hash: number): number {
    const next = this.#next;
    const used = this.#used;
    while (((newer - number) | 0) > 0 && ((next - number) | 0) <= used) {
      const place = number & (this.#capacity - 1);
      const at = place * this.#stride;
      if (this.words[at + HASH] === hash) return place;
      newer = number;
      number = this.words[at + CHAIN]!;
    }
    return NONE;
  }

  /** Number of the key in `place`: the newest one that can be there. */
  #numberOf(place: number): number {
    const newest = (this.#next - 1) | 0;
    return (newest - ((newest - place) & (this.#capacity - 1))) | 0;
  }
}
