import { currentTime } from "./current-time.js";

/**
 * The time of `now` in one request: that of the first reading for all of its filters, or the given time, such as that of the
 * previous page.
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

  /** The value that {@link now} returned; undefined if it was not called. */
  get read(): bigint | undefined {
    return this.#read;
  }
}
