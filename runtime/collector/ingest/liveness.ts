import { IngestLimits } from "../../ingest-limits.js";
import { LOOK_MS, PeerSilence } from "../../peer-silence.js";
import type { BytesReceived } from "./peer-activity.js";

/** Callbacks of a {@link Liveness}. */
export interface LivenessListener {
  /** Nothing was received from the peer for too long. */
  onSilence(): void;
  /** A sign of life is due: the peer sent something since the last one, or waits for this side. */
  onSignDue(): void;
  /** Something was received from the peer. */
  onHeard(): void;
}

/**
 * Checks once a second whether a peer lives. Bytes count, not messages: a large message on a slow line takes longer than a peer may be
 * silent. While this side does not read, silence does not count.
 */
export class Liveness {
  /** True while this side does not read. */
  isPaused = false;
  readonly #bytes: BytesReceived;
  readonly #listener: LivenessListener;
  readonly #timer = setInterval(() => this.#look(), LOOK_MS);
  #lastBytes: number | undefined;
  readonly #silence = new PeerSilence(performance.now());
  #lastSign = performance.now();

  constructor(bytes: BytesReceived, listener: LivenessListener) {
    this.#bytes = bytes;
    this.#listener = listener;
    this.#lastBytes = bytes();
  }

  /** A message was received. */
  heard(): void {
    this.#silence.heard(performance.now());
    this.#listener.onHeard();
  }

  /** Something was sent to the peer. */
  signed(): void {
    this.#lastSign = performance.now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const bytes = this.#bytes();
    if (bytes !== this.#lastBytes) {
      this.#lastBytes = bytes;
      this.heard();
    } else if (this.isPaused) this.#silence.heard(now);
    if (this.#silence.look(now) > IngestLimits.silenceMs) this.#listener.onSilence();
    else if (now - this.#lastSign >= IngestLimits.reportIntervalMs && this.#silence.lastHeard > this.#lastSign) {
      this.#listener.onSignDue();
    }
  }
}
