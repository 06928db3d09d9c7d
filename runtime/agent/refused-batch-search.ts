/** Number of times that a batch is refused alone before it is set aside. */
const MAX_REFUSALS = 2;

/**
 * Finds the batch that the collector refuses among those that were sent: while batches up to the last one sent are outstanding they are
 * sent one at a time. Batches are named by their sequence.
 */
export class RefusedBatchSearch {
  #probeUntil = 0n;
  #refusals = 0;

  /** Whether batches are to be sent one at a time after the committed one. */
  isProbing(committed: bigint): boolean {
    return this.#refusals > 0 || committed < this.#probeUntil;
  }

  /** Notes that the collector refused something of what was sent, from `first` to `sent`; true when it is `first`, to be set aside. */
  markRefused(first: bigint, sent: bigint): boolean {
    if (sent !== first) {
      this.#probeUntil = sent > this.#probeUntil ? sent : this.#probeUntil;
      return false;
    }
    if (++this.#refusals < MAX_REFUSALS) return false;
    this.#refusals = 0;
    return true;
  }

  /** Notes that the collector committed a batch. */
  markAcknowledged(): void {
    this.#refusals = 0;
  }

  /** Starts again with a new session, whose sequences begin at 1. */
  reset(): void {
    this.#probeUntil = 0n;
  }
}
