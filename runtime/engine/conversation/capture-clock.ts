import { TWO_32 } from "../../record/nanoseconds-between.js";
import type { Timestamp } from "../../record/timestamp.js";

/**
 * Largest distance between a packet's time and the newest time, before or after it, that does not suggest a clock jump: 10 s, in
 * nanoseconds.
 */
const TOLERANCE = 10e9;

/** Value of a {@link CaptureClock} without a suspected jump. */
const NONE = Number.NaN;

/**
 * Monotonic time derived from the packets of a capture: nanoseconds since the first packet. Timeouts are measured by it.
 *
 * Packets out of order, such as those of two receive queues, do not move it. A packet whose time is far from that of the previous
 * packet is in doubt until another packet confirms it: a single packet dated 2038 has no effect, and a pause is accepted as soon as
 * the next packet arrives. After the capture's clock was set back, time continues from its last value; an hour that occurs twice
 * counts twice.
 */
export class CaptureClock {
  /** Nanoseconds that have certainly passed. */
  now = 0;
  #baseHigh = 0;
  #baseLow = 0;
  #hasBase = false;
  /** The newest confirmed time, in nanoseconds since the first packet's. */
  #newest = 0;
  /** Time of the latest packet while it is in doubt. */
  #doubtful = NONE;
  readonly #onDoubtEnded: () => void;
  readonly #monotonicMs: (() => number) | undefined;
  /** Value of the monotonic clock when time last advanced. */
  #steadyMs = 0;

  /**
   * `onDoubtEnded` is called when a suspected jump forward turns out to be wrong: packets that arrived with it arrived at {@link now}. In
   * a live capture, `monotonicMs` is a clock that is never set; a jump must not exceed the time that passed on it.
   */
  constructor(onDoubtEnded: () => void, monotonicMs?: () => number) {
    this.#onDoubtEnded = onDoubtEnded;
    this.#monotonicMs = monotonicMs;
    this.#steadyMs = monotonicMs?.() ?? 0;
  }

  /**
   * Records the time of the next packet and returns its arrival on this clock: at most {@link now}, except after a jump forward that is
   * still in doubt.
   */
  arrive(time: Timestamp): number {
    // Inlined nanosecondsBetween: this runs for each packet.
    const at = (time.high - this.#baseHigh) * TWO_32 + (time.low - this.#baseLow);
    const ahead = at - this.#newest;
    if (ahead < -TOLERANCE || ahead > TOLERANCE || !this.#hasBase) return this.#jump(time, at);
    if (!Number.isNaN(this.#doubtful)) this.#dismiss();
    if (ahead <= 0) return this.now + ahead;
    this.#newest = at;
    this.now += ahead;
    return this.now;
  }

  /** Time has advanced steadily up to this point. */
  tick(): void {
    if (this.#monotonicMs !== undefined && Number.isNaN(this.#doubtful)) this.#steadyMs = this.#monotonicMs();
  }

  /** Confirms the time in doubt: the input ended, or the time came from the system's clock rather than from a packet. */
  settle(): void {
    if (!Number.isNaN(this.#doubtful)) this.#believe();
  }

  #jump(time: Timestamp, at: number): number {
    if (!this.#hasBase) {
      this.#hasBase = true;
      this.#baseHigh = time.high;
      this.#baseLow = time.low;
      return this.now;
    }
    const since = at - this.#doubtful;
    // A forward jump is confirmed by a packet after it; a backward jump by a packet near it.
    const isAgreeing = this.#doubtful > this.#newest ? since >= -TOLERANCE : Math.abs(since) <= TOLERANCE;
    if (isAgreeing) {
      this.#believe();
      return this.arrive(time);
    }
    this.#dismiss();
    this.#doubtful = at;
    return this.now + Math.max(0, at - this.#newest);
  }

  /** Advances to the time of the packet in doubt. */
  #believe(): void {
    const passed = Math.max(0, this.#doubtful - this.#newest);
    const most = this.#monotonicMs === undefined ? passed : (this.#monotonicMs() - this.#steadyMs) * 1e6 + TOLERANCE;
    this.now += Math.min(passed, most);
    this.#newest = this.#doubtful;
    this.#doubtful = NONE;
    // The clock was set: packets that came with the jump arrived a moment ago.
    if (most < passed) this.#onDoubtEnded();
  }

  #dismiss(): void {
    const wasForward = this.#doubtful > this.#newest;
    this.#doubtful = NONE;
    if (wasForward) this.#onDoubtEnded();
  }
}
