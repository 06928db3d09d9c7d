const NONE = -1;

/** Words of a slot. */
const LINK_WORDS = 3;
const OLDER = 0;
const NEWER = 1;
const LIST = 2;

/**
 * Memory that a {@link SlotOrder} shares with others: three words at offset `at` of each `stride` words, for its slots and then for its
 * lists.
 */
export interface OrderMemory {
  readonly words: Int32Array;
  readonly stride: number;
  readonly at: number;
}

/**
 * Slots of a table, numbers below its capacity, in several doubly linked lists: the least recently touched slot is at
 * the front of its list, so that timeouts and eviction examine only the front. Free slots that were used before are chained too; memory
 * of slots that were never used is not touched.
 */
export class SlotOrder {
  readonly #capacity: number;
  /**
   * The previous and the next slot of each one in its list, and the list. The links of the lists' ends follow those of the slots, at
   * the capacity plus the list's number: next is the oldest slot, previous the newest.
   */
  readonly #words: Int32Array;
  readonly #stride: number;
  readonly #at: number;
  /** The free slot that was released last, {@link NONE} for none, and the first one that was never taken. */
  #free = NONE;
  #fresh = 0;

  /** For `lists` lists, in memory of its own unless shared memory is given. */
  constructor(capacity: number, lists: number, memory?: OrderMemory) {
    this.#capacity = capacity;
    this.#words = memory?.words ?? new Int32Array((capacity + lists) * LINK_WORDS);
    this.#stride = memory?.stride ?? LINK_WORDS;
    this.#at = memory?.at ?? 0;
    for (let end = capacity; end < capacity + lists; end++) {
      this.#words[this.#linksOf(end) + OLDER] = end;
      this.#words[this.#linksOf(end) + NEWER] = end;
    }
  }

  /** The least recently touched slot of a list, -1 if it is empty. */
  oldest(list: number): number {
    return this.newer(this.#capacity + list);
  }

  /** The most recently touched slot of a list, -1 if it is empty. */
  newest(list: number): number {
    return this.older(this.#capacity + list);
  }

  /** The slot of the same list that was touched before `slot`, -1 if there is none. */
  older(slot: number): number {
    const older = this.#words[this.#linksOf(slot) + OLDER]!;
    return older >= this.#capacity ? NONE : older;
  }

  /** The slot of the same list that was touched after `slot`, -1 if there is none. */
  newer(slot: number): number {
    const newer = this.#words[this.#linksOf(slot) + NEWER]!;
    return newer >= this.#capacity ? NONE : newer;
  }

  /** The list that a slot is in. */
  listOf(slot: number): number {
    return this.#words[this.#linksOf(slot) + LIST]!;
  }

  /** Takes a free slot, which is not in a list until {@link begin}. Requires that fewer slots than the capacity are taken. */
  take(): number {
    const slot = this.#free;
    if (slot === NONE) return this.#fresh++;
    this.#free = this.#words[this.#linksOf(slot) + NEWER]!;
    return slot;
  }

  /** Adds a slot returned by {@link take} to a list as its newest. */
  begin(slot: number, list: number): void {
    this.#append(slot, list);
  }

  /** Makes a slot the newest of its list. */
  touch(slot: number): void {
    const links = this.#linksOf(slot);
    if (this.#words[links + NEWER]! >= this.#capacity) return;
    const list = this.#words[links + LIST]!;
    this.#detach(slot);
    this.#append(slot, list);
  }

  /** Moves a slot to another list as its newest. */
  change(slot: number, list: number): void {
    this.#detach(slot);
    this.#append(slot, list);
  }

  /** Removes a slot from its list and frees it. */
  free(slot: number): void {
    this.#detach(slot);
    this.#words[this.#linksOf(slot) + NEWER] = this.#free;
    this.#free = slot;
  }

  #linksOf(slot: number): number {
    return slot * this.#stride + this.#at;
  }

  #append(slot: number, list: number): void {
    const words = this.#words;
    const end = this.#capacity + list;
    const newest = words[this.#linksOf(end) + OLDER]!;
    const links = this.#linksOf(slot);
    words[links + OLDER] = newest;
    words[links + NEWER] = end;
    words[links + LIST] = list;
    words[this.#linksOf(newest) + NEWER] = slot;
    words[this.#linksOf(end) + OLDER] = slot;
  }

  #detach(slot: number): void {
    const words = this.#words;
    const older = words[this.#linksOf(slot) + OLDER]!;
    const newer = words[this.#linksOf(slot) + NEWER]!;
    words[this.#linksOf(older) + NEWER] = newer;
    words[this.#linksOf(newer) + OLDER] = older;
  }
}
