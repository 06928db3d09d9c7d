import { NO_REQUEST, type RequestOwner } from "./request-owner.js";

/** Owners of the open requests of a table, by slot: the requests of one owner are a doubly linked list. */
export class OwnedRequests {
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  readonly #owners: (RequestOwner | undefined)[];
  /** The owner's number of losses when the request was added. */
  readonly #losses: Float64Array;

  constructor(capacity: number) {
    this.#newer = new Int32Array(capacity);
    this.#older = new Int32Array(capacity);
    this.#owners = new Array<RequestOwner | undefined>(capacity).fill(undefined);
    this.#losses = new Float64Array(capacity);
  }

  /** Whether a request ends with its owner. */
  isOwned(slot: number): boolean {
    return this.#owners[slot] !== undefined;
  }

  /** Whether the owner has lost bytes since the request was added. */
  hasLoss(slot: number): boolean {
    const owner = this.#owners[slot];
    return owner !== undefined && owner.losses !== this.#losses[slot];
  }

  add(slot: number, owner: RequestOwner): void {
    const newest = owner.newestRequest;
    this.#owners[slot] = owner;
    this.#losses[slot] = owner.losses;
    this.#newer[slot] = NO_REQUEST;
    this.#older[slot] = newest;
    if (newest !== NO_REQUEST) this.#newer[newest] = slot;
    else owner.oldestRequest = slot;
    owner.newestRequest = slot;
  }

  /** Removes a request, if it has an owner. */
  remove(slot: number): void {
    const owner = this.#owners[slot];
    if (owner === undefined) return;
    const newer = this.#newer[slot]!;
    const older = this.#older[slot]!;
    if (newer === NO_REQUEST) owner.newestRequest = older;
    else this.#older[newer] = older;
    if (older !== NO_REQUEST) this.#newer[older] = newer;
    else owner.oldestRequest = newer;
    this.#owners[slot] = undefined;
  }
}
