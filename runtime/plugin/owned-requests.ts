import { NO_REQUEST, type RequestOwner } from "./request-owner.js";

/** Whose the open requests of a table are, by slot: those of one owner are a doubly linked list. */
export class OwnedRequests {
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #owners: (RequestOwner | undefined)[];
  /** What the owner had lost when the request came. */
  readonly #losses: Float64Array;

  constructor(capacity: number) {
    this.#before = new Int32Array(capacity);
    this.#after = new Int32Array(capacity);
    this.#owners = new Array<RequestOwner | undefined>(capacity).fill(undefined);
    this.#losses = new Float64Array(capacity);
  }

  /** True for a request that ends with its owner. */
  isOwned(slot: number): boolean {
    return this.#owners[slot] !== undefined;
  }

  /** True where the owner has lost bytes since the request came. */
  hasLoss(slot: number): boolean {
    const owner = this.#owners[slot];
    return owner !== undefined && owner.losses !== this.#losses[slot];
  }

  add(slot: number, owner: RequestOwner): void {
    const first = owner.firstRequest;
    this.#owners[slot] = owner;
    this.#losses[slot] = owner.losses;
    this.#before[slot] = NO_REQUEST;
    this.#after[slot] = first;
    if (first !== NO_REQUEST) this.#before[first] = slot;
    else owner.oldestRequest = slot;
    owner.firstRequest = slot;
  }

  /** Takes a request out, if it has an owner. */
  remove(slot: number): void {
    const owner = this.#owners[slot];
    if (owner === undefined) return;
    const before = this.#before[slot]!;
    const after = this.#after[slot]!;
    if (before === NO_REQUEST) owner.firstRequest = after;
    else this.#after[before] = after;
    if (after !== NO_REQUEST) this.#before[after] = before;
    else owner.oldestRequest = before;
    this.#owners[slot] = undefined;
  }
}
