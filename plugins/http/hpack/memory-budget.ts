/** Bytes that all connections of one output may keep together. */
export class MemoryBudget {
  #available: number;

  constructor(bytes: number) {
    this.#available = bytes;
  }

  /** Takes `bytes`; false, and nothing is taken, where there are fewer. */
  take(bytes: number): boolean {
    if (bytes > this.#available) return false;
    this.#available -= bytes;
    return true;
  }

  /** Gives back what was taken. */
  giveBack(bytes: number): void {
    this.#available += bytes;
  }
}
