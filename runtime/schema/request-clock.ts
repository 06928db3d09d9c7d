import { currentTime } from "./current-time.js";

/**
 * The time that `now` stands for in one request: that of the first reading for all of its filters, or the time given, as that of the
 * page before.
 */
export class RequestClock {
  readonly #given: bigint | undefined;
  #read: bigint | undefined;

  constructor(given?: bigint) {
    this.#given = given;
  }

  /** Nanoseconds since the Unix epoch. */
  now(): bigint {
    this.#read ??= this.#given ?? currentTime();
    return this.#read;
  }

  /** What {@link now} returned; undefined where nothing has asked. */
  get read(): bigint | undefined {
    return this.#read;
  }
}
