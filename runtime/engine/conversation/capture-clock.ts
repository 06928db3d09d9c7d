import { TWO_32 } from "../../record/nanoseconds-between.js";
import type { Timestamp } from "../../record/timestamp.js";

/** How far a packet's time may lie from the newest one, before or after it, without a doubt about the clock: 10 s, in nanoseconds. */
const TOLERANCE = 10e9;

/** {@link CaptureClock} has no jump in doubt. */
const NONE = Number.NaN;

/**
 * Time as the packets of a capture show it, which only goes forward: nanoseconds since the first packet. Timeouts are measured by it.
 *
 * Packets that come out of order, as those of two receive queues do, leave it where it is. A packet whose time is far from that of the
 * packet before it is in doubt until another one agrees: a single packet of the year 2038 moves nothing, a pause is believed as soon as
 * it is over. Where the capture's clock was set back, time goes on from there; an hour that comes twice counts twice.
 */
export class CaptureClock {
  /** Nanoseconds that have passed for sure. */
  now = 0;
  #baseHigh = 0;
  #baseLow = 0;
  #hasBase = false;
  /** The newest time that is believed, in nanoseconds since the first packet's. */
  #newest = 0;
  /** Time of the latest packet where it is in doubt. */
  #doubtful = NONE;
  readonly #onDoubtEnded: () => void;
  readonly #monotonicMs: (() => number) | undefined;
  /** What the monotonic clock said when time was last known to go on. */
  #steadyMs = 0;

  /**
   * `onDoubtEnded` is called where a jump forward turns out not to have been one: what arrived with it did so at {@link now}. In a live
   * capture `monotonicMs` is a clock that nobody sets, which no jump may overtake.
   */
  constructor(onDoubtEnded: () => void, monotonicMs?: () => number) {
    this.#onDoubtEnded = onDoubtEnded;
    this.#monotonicMs = monotonicMs;
    this.#steadyMs = monotonicMs?.() ?? 0;
  }

  /**
   * Learns the time of the next packet, and returns when it arrived, on this clock: at most {@link now}, but for a jump forward that is
   * still in doubt.
   */
  arrive(time: Timestamp): number {
    // As nanosecondsBetween, written out: this is done for each packet.
    const at = (time.high - this.#baseHigh) * TWO_32 + (time.low - this.#baseLow);
    const ahead = at - this.#newest;
    if (ahead < -TOLERANCE || ahead > TOLERANCE || !this.#hasBase) return this.#jump(time, at);
    if (!Number.isNaN(this.#doubtful)) this.#dismiss();
    if (ahead <= 0) return this.now + ahead;
    this.#newest = at;
    this.now += ahead;
    return this.now;
  }

  /** Time has gone on steadily up to here. */
  tick(): void {
    if (this.#monotonicMs !== undefined && Number.isNaN(this.#doubtful)) this.#steadyMs = this.#monotonicMs();
  }

  /** What is in doubt is so: the input ended, or the time came from the system's clock rather than a packet. */
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
    // Time has moved on where a later packet comes after the jump; where it was set back, where one comes near it.
    const isAgreeing = this.#doubtful > this.#newest ? since >= -TOLERANCE : Math.abs(since) <= TOLERANCE;
    if (isAgreeing) {
      this.#believe();
      return this.arrive(time);
    }
    this.#dismiss();
    this.#doubtful = at;
    return this.now + Math.max(0, at - this.#newest);
  }

  /** Time is where the packet in doubt said. */
  #believe(): void {
    const passed = Math.max(0, this.#doubtful - this.#newest);
    const most = this.#monotonicMs === undefined ? passed : (this.#monotonicMs() - this.#steadyMs) * 1e6 + TOLERANCE;
    this.now += Math.min(passed, most);
    this.#newest = this.#doubtful;
    this.#doubtful = NONE;
    // The clock was set: what came with the jump came a moment ago.
    if (most < passed) this.#onDoubtEnded();
  }

  #dismiss(): void {
    const wasForward = this.#doubtful > this.#newest;
    this.#doubtful = NONE;
    if (wasForward) this.#onDoubtEnded();
  }
}
