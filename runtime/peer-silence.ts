/** Milliseconds between two looks at a peer. */
export const LOOK_MS = 1000;

/**
 * Measures for how long a peer has been silent, by looks that are {@link LOOK_MS} apart. Time in which this process did not run is not
 * the peer's silence: what it sent meanwhile may be waiting in the socket. Times are in milliseconds of a clock that is never set.
 */
export class PeerSilence {
  #lastHeard: number;
  #lastLook: number;

  constructor(now: number) {
    this.#lastHeard = now;
    this.#lastLook = now;
  }

  /** When the peer was heard of last, without the time in which this process did not run. */
  get lastHeard(): number {
    return this.#lastHeard;
  }

  /** The peer was heard of, or is not to be heard of because this side does not read. */
  heard(now: number): void {
    this.#lastHeard = now;
  }

  /** Milliseconds of silence until now. */
  look(now: number): number {
    const stalledMs = Math.max(0, now - this.#lastLook - 2 * LOOK_MS);
    this.#lastLook = now;
    this.#lastHeard = Math.min(now, this.#lastHeard + stalledMs);
    return now - this.#lastHeard;
  }
}
