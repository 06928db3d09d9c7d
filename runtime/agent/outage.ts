import type { ErrorCode } from "../wireloom-error.js";

const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 5000;
/** Longer than a collector takes to notice that an agent of the same id is dead. */
const TAKEOVER_MS = 20_000;
const TAKEOVER_RETRY_MS = 2000;

/** Tracks the attempts to reach a collector: when the next one is due, when they have failed for too long, and what was reported. */
export class Outage {
  readonly #giveUpAfterMs: number | undefined;
  #retryMs = FIRST_RETRY_MS;
  #failingSince: number | undefined;
  #takenSince: number | undefined;
  #reportedCode: ErrorCode | undefined;

  /** `giveUpAfterMs` is the time in which every attempt fails and nothing gets through; undefined to try indefinitely. */
  constructor(giveUpAfterMs: number | undefined) {
    this.#giveUpAfterMs = giveUpAfterMs;
  }

  /** The collector opened the session: no other agent uses the id. Rows may still fail to be stored. */
  markOpened(): void {
    this.#takenSince = undefined;
  }

  /** Rows are stored, or there are none: the time of failing and the pauses start again. True when a reported failure has ended. */
  markRecovered(): boolean {
    this.#failingSince = undefined;
    this.#retryMs = FIRST_RETRY_MS;
    const wasReported = this.#reportedCode !== undefined;
    this.#reportedCode = undefined;
    return wasReported;
  }

  /** An attempt ended, for this reason. Returns the pause before the next one; undefined when there is none. */
  markFailed(code: ErrorCode, now: number): number | undefined {
    this.#failingSince ??= now;
    if (code === "already_exists") {
      this.#takenSince ??= now;
      const isTooLong = this.#giveUpAfterMs !== undefined && now - this.#takenSince >= TAKEOVER_MS;
      return isTooLong ? undefined : TAKEOVER_RETRY_MS;
    }
    this.#takenSince = undefined;
    if (this.#giveUpAfterMs !== undefined && now - this.#failingSince >= this.#giveUpAfterMs) return undefined;
    const waitMs = this.#retryMs;
    this.#retryMs = Math.min(waitMs * 2, MAX_RETRY_MS);
    return waitMs;
  }

  /** True when this kind of failure was not reported yet in this outage. */
  isNews(code: ErrorCode): boolean {
    if (this.#reportedCode === code) return false;
    this.#reportedCode = code;
    return true;
  }
}
