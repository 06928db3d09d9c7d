import type { Timestamp } from "../record/timestamp.js";

const NANOSECONDS_PER_MILLISECOND = 1e6;
/** With a larger difference the wall clock was set, and the clock follows it. */
const MAX_DRIFT_MS = 50;

/**
 * Time of arrival in nanoseconds, which never goes backwards by itself: the wall clock at the start, advanced by the monotonic
 * clock, which has finer steps. If the wall clock is set, the clock follows it.
 */
export class ArrivalClock {
  #originMs = Date.now() - performance.now();

  /** Writes the current time. */
  read(time: Timestamp): void {
    const monotonicMs = performance.now();
    const wallMs = Date.now();
    if (Math.abs(wallMs - this.#originMs - monotonicMs) > MAX_DRIFT_MS) this.#originMs = wallMs - monotonicMs;
    // Seconds are separated first: milliseconds since 1970 with nanoseconds as a fraction do not fit a double.
    const originSeconds = Math.floor(this.#originMs / 1000);
    const sinceMs = this.#originMs - originSeconds * 1000 + monotonicMs;
    const seconds = Math.floor(sinceMs / 1000);
    time.set(originSeconds + seconds, Math.floor((sinceMs - seconds * 1000) * NANOSECONDS_PER_MILLISECOND));
  }
}
