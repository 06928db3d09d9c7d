import { currentTime } from "./current-time.js";

/** The time that `now` stands for in one request: the same for all of its filters. */
export interface RequestClock {
  /** Nanoseconds since the Unix epoch. */
  now(): bigint;
  /** What {@link now} returned; undefined where nothing has asked. */
  readonly read: bigint | undefined;
}

/** A clock that keeps the time of its first reading, or the time given, as that of the page before. */
export function createRequestClock(given?: bigint): RequestClock {
  let read: bigint | undefined;
  return {
    now() {
      read ??= given ?? currentTime();
      return read;
    },
    get read() {
      return read;
    },
  };
}
