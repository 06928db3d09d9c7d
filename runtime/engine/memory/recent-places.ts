const NONE = -1;
/** What a place has in its first words: the hash of its key, and the number of the one before that in its bucket. */
const HASH = 0;
const CHAIN = 1;
/** First words of each place that are not the caller's. */
export const PLACE_WORDS = 2;

/**
 * Places for the keys that were added last, a given number of them, found by hash: the next one takes the place of the oldest. Which keys
 * are there depends on the order in which they came alone, not on the secret of their hashes.
 *
 * Keys are numbered as they come, and chained by these numbers, each to one that came before it in its bucket. A chain ends where a number is
 * too old to have its place still, so that nothing is taken out when a place is given to another key.
 */
export class RecentPlaces {
  /** Words of all places, one after the other; of each, those after the first {@link PLACE_WORDS} are the caller's. */
  readonly words: Int32Array;
  readonly #stride: number;
  readonly #capacity: number;
  readonly #mask: number;
  /** Number of the newest key by bucket; numbers wrap around after 2^32 keys. */
  readonly #buckets: Int32Array;
  /** Number of the next key, and how many there were, up to the capacity. */
  #next = 0;
  #used = 0;

  /** For as many keys as the power of two that is at least `minimum`, each with a place of `stride` words. */
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

  /** The place, newest first, of a key that has the hash; -1 for none. */
  find(hash: number): number {
    return this.#search(this.#buckets[hash & this.#mask]!, this.#next, hash);
  }

  /** The one after `place`, which has the hash; -1 for none. */
  findAfter(place: number, hash: number): number {
    return this.#search(this.words[place * this.#stride + CHAIN]!, this.#numberOf(place), hash);
  }

  /** Takes a place for a key, and forgets the one that had it. */
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

  /** The place of the key `number` or of one before it in its chain that has the hash, provided that it came before the key `newer`. */
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

  /** Number of the key in `place`, which is the newest one that can have it. */
  #numberOf(place: number): number {
    const newest = (this.#next - 1) | 0;
    return (newest - ((newest - place) & (this.#capacity - 1))) | 0;
  }
}
