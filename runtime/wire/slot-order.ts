const NONE = -1;

/**
 * Slots of a table, numbers below its capacity, in a number of doubly linked lists: the one that went longest without being touched is at
 * the front of its list, so that timeouts and eviction look there only. Free slots are chained too.
 */
export class SlotOrder {
  readonly #capacity: number;
  /**
   * The slot before and the slot after each one in its list. After those of the slots stand the links of the lists' ends, at the capacity
   * plus the list's number: after it comes the oldest slot, before it the newest.
   */
  readonly #links: Int32Array;
  readonly #lists: Uint8Array;
  #free = 0;

  /** For `lists` lists, up to 256. */
  constructor(capacity: number, lists: number) {
    this.#capacity = capacity;
    this.#links = new Int32Array((capacity + lists) * 2);
    for (let i = 0; i < capacity; i++) this.#links[i * 2 + 1] = i + 1;
    for (let end = capacity; end < capacity + lists; end++) this.#links.fill(end, end * 2, end * 2 + 2);
    this.#lists = new Uint8Array(capacity);
  }

  /** The slot of a list that was touched longest ago, -1 when there is none. */
  oldest(list: number): number {
    const slot = this.#links[(this.#capacity + list) * 2 + 1]!;
    return slot >= this.#capacity ? NONE : slot;
  }

  /** The slot of a list that was touched last, -1 when there is none. */
  newest(list: number): number {
    const slot = this.#links[(this.#capacity + list) * 2]!;
    return slot >= this.#capacity ? NONE : slot;
  }

  /** The slot that was touched before `slot`, of the same list; -1 when there is none. */
  older(slot: number): number {
    const older = this.#links[slot * 2]!;
    return older >= this.#capacity ? NONE : older;
  }

  /** The slot that was touched after `slot`, of the same list; -1 when there is none. */
  newer(slot: number): number {
    const newer = this.#links[slot * 2 + 1]!;
    return newer >= this.#capacity ? NONE : newer;
  }

  /** The list that a slot is in. */
  listOf(slot: number): number {
    return this.#lists[slot]!;
  }

  /** A free slot, which is in no list until {@link begin}. There is one as long as fewer than the capacity are taken. */
  take(): number {
    const slot = this.#free;
    this.#free = this.#links[slot * 2 + 1]!;
    return slot;
  }

  /** Gives a slot that {@link take} has returned its place, as the newest of a list. */
  begin(slot: number, list: number): void {
    this.#append(slot, list);
  }

  /** Makes a slot the newest of its list. */
  touch(slot: number): void {
    const list = this.#lists[slot]!;
    if (slot === this.#links[(this.#capacity + list) * 2]) return;
    this.#detach(slot);
    this.#append(slot, list);
  }

  /** Makes a slot the newest of another list. */
  change(slot: number, list: number): void {
    this.#detach(slot);
    this.#append(slot, list);
  }

  /** Takes a slot out of its list, and makes it free. */
  free(slot: number): void {
    this.#detach(slot);
    this.#links[slot * 2 + 1] = this.#free;
    this.#free = slot;
  }

  #append(slot: number, list: number): void {
    const links = this.#links;
    const end = this.#capacity + list;
    const newest = links[end * 2]!;
    links[slot * 2] = newest;
    links[slot * 2 + 1] = end;
    links[newest * 2 + 1] = slot;
    links[end * 2] = slot;
    this.#lists[slot] = list;
  }

  #detach(slot: number): void {
    const links = this.#links;
    const older = links[slot * 2]!;
    const newer = links[slot * 2 + 1]!;
    links[older * 2 + 1] = newer;
    links[newer * 2] = older;
  }
}
