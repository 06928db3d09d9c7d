const NONE = -1;

/**
 * Places for the keys that were added last, a given number of them, found by hash: the next one takes the place of the oldest. Which keys are
 * there depends on the order in which they came alone, not on the secret of their hashes.
 */
export class RecentPlaces {
  readonly #capacity: number;
  readonly #mask: number;
  readonly #buckets: Int32Array;
  readonly #chain: Int32Array;
  readonly #hashes: Int32Array;
  #next = 0;
  #used = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    const buckets = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = buckets - 1;
    this.#buckets = new Int32Array(buckets).fill(NONE);
    this.#chain = new Int32Array(capacity);
    this.#hashes = new Int32Array(capacity);
  }

  /** The place, newest first, of a key that may have the hash; -1 for none. */
  first(hash: number): number {
    return this.#buckets[hash & this.#mask]!;
  }

  /** The one after `place`, -1 for none. */
  after(place: number): number {
    return this.#chain[place]!;
  }

  /** The hash of the key in a place. */
  hashOf(place: number): number {
    return this.#hashes[place]!;
  }

  /** Takes a place for a key, and forgets the one that had it. */
  add(hash: number): number {
    const place = this.#next;
    this.#next = place + 1 === this.#capacity ? 0 : place + 1;
    if (this.#used < this.#capacity) this.#used++;
    else this.#remove(place);
    const bucket = hash & this.#mask;
    this.#hashes[place] = hash;
    this.#chain[place] = this.#buckets[bucket]!;
    this.#buckets[bucket] = place;
    return place;
  }

  #remove(place: number): void {
    const bucket = this.#hashes[place]! & this.#mask;
    let at = this.#buckets[bucket]!;
    if (at === place) this.#buckets[bucket] = this.#chain[place]!;
    else {
      while (this.#chain[at] !== place) at = this.#chain[at]!;
      this.#chain[at] = this.#chain[place]!;
    }
  }
}
