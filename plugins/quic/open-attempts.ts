import type { QuicAttempt } from "./quic-attempt.js";

/** As many as there are rows that wait, by the event's annotation. */
const MAX_ATTEMPTS = 16384;

/** The attempts of a capture that are under way, of which the oldest makes room: they hold keys and parts of messages. */
export class OpenAttempts {
  /** In the order in which they began. */
  readonly #attempts = new Set<QuicAttempt>();

  add(attempt: QuicAttempt): void {
    this.#attempts.add(attempt);
    if (this.#attempts.size <= MAX_ATTEMPTS) return;
    for (const oldest of this.#attempts) {
      oldest.abandon();
      this.#attempts.delete(oldest);
      break;
    }
  }

  delete(attempt: QuicAttempt): void {
    this.#attempts.delete(attempt);
  }
}
