/** Kinds of conversations that end after times of their own without a packet. */
export const Wait = {
  /** Of every transport but TCP. */
  Datagrams: 0,
  /** TCP of which nothing but SYN was seen. */
  HalfOpen: 1,
  /** TCP that is under way. */
  Established: 2,
  /** TCP that closed, and waits for stragglers. */
  Closed: 3,
} as const;

export type Wait = (typeof Wait)[keyof typeof Wait];

export const WAITS = 4;

const NONE = -1;

/**
 * The slots of conversations, in a doubly linked list for each kind of {@link Wait}: the one that went longest without a packet is at
 * its front, so that timeouts and eviction look there only. Free slots are chained too.
 */
export class ConversationOrder {
  readonly #capacity: number;
  /**
   * The slot before and the slot after each one in its list. Behind those of the slots stand the links of the lists' ends, at the capacity
   * plus the kind of wait: after it comes the oldest slot, before it the newest.
   */
  readonly #links: Int32Array;
  readonly #waits: Uint8Array;
  #free = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#links = new Int32Array((capacity + WAITS) * 2);
    for (let i = 0; i < capacity; i++) this.#links[i * 2 + 1] = i + 1;
    for (let end = capacity; end < capacity + WAITS; end++) this.#links.fill(end, end * 2, end * 2 + 2);
    this.#waits = new Uint8Array(capacity);
  }

  /** The slot that has gone longest without a packet of those that wait so, -1 when there is none. */
  oldest(wait: Wait): number {
    const slot = this.#links[(this.#capacity + wait) * 2 + 1]!;
    return slot >= this.#capacity ? NONE : slot;
  }

  /** The slot that had a packet last of those that wait so, -1 when there is none. */
  newest(wait: Wait): number {
    const slot = this.#links[(this.#capacity + wait) * 2]!;
    return slot >= this.#capacity ? NONE : slot;
  }

  /** The slot that had a packet before `slot` did, of those that wait like it; -1 when there is none. */
  older(slot: number): number {
    const older = this.#links[slot * 2]!;
    return older >= this.#capacity ? NONE : older;
  }

  /** How a conversation waits. */
  waitOf(slot: number): Wait {
    return this.#waits[slot]! as Wait;
  }

  /** A free slot, which waits in no list until {@link begin}. */
  take(): number {
    const slot = this.#free;
    this.#free = this.#links[slot * 2 + 1]!;
    return slot;
  }

  /** Gives a slot that {@link take} has returned its place, as the newest of those that wait so. */
  begin(slot: number, wait: Wait): void {
    this.#append(slot, wait);
  }

  /** The conversation has just had a packet. */
  touch(slot: number): void {
    const wait = this.#waits[slot]!;
    if (slot === this.#links[(this.#capacity + wait) * 2]) return;
    this.#detach(slot);
    this.#append(slot, wait);
  }

  /** Lets a conversation that has just had a packet wait otherwise. */
  change(slot: number, wait: Wait): void {
    this.#detach(slot);
    this.#append(slot, wait);
  }

  /** Takes a slot out of its list, and makes it free. */
  free(slot: number): void {
    this.#detach(slot);
    this.#links[slot * 2 + 1] = this.#free;
    this.#free = slot;
  }

  #append(slot: number, wait: number): void {
    const links = this.#links;
    const end = this.#capacity + wait;
    const newest = links[end * 2]!;
    links[slot * 2] = newest;
    links[slot * 2 + 1] = end;
    links[newest * 2 + 1] = slot;
    links[end * 2] = slot;
    this.#waits[slot] = wait;
  }

  #detach(slot: number): void {
    const links = this.#links;
    const older = links[slot * 2]!;
    const newer = links[slot * 2 + 1]!;
    links[older * 2 + 1] = newer;
    links[newer * 2] = older;
  }
}
