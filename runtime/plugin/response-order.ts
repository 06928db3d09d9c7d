import type { StreamSegment } from "./hooks.js";

/** No known request is answered by a response. */
export const NO_ANSWERED = -1;

/** Maximum number of requests and losses between them; beyond it, nothing is paired. */
const MAX_OPEN = 256;

/** A request that may still be answered, or a range of lost client bytes that may have contained requests. */
interface Open {
  /** {@link NO_ANSWERED} for a loss. */
  readonly number: number;
  /** Start position in the client's stream. */
  readonly position: number;
  /** Number of bytes of the server's stream that the client had received when it sent this; for a loss, a lower bound. */
  readonly acknowledged: number;
  /**
   * For a loss within a request: the bytes of the server's stream that the client had received when it sent the last seen bytes of that
   * request, else -1.
   */
  readonly received: number;
  /** For a loss: it began where a request begins. */
  readonly isSure: boolean;
  /** A response that is not final has arrived in the place of the first one. */
  isConfirmed: boolean;
}

type Place = Pick<StreamSegment, "position" | "acknowledged">;

/**
 * Numbers the requests of a connection whose responses come in the order of the requests, and finds the request that a response answers by
 * their positions in both streams. Without loss it is the first open request, if the server had received it.
 *
 * After a loss it pairs only what is certain. A client that waits for each response before its next request is in step again with that
 * request: all earlier ones were answered, and the response begins where the received data ended. A client that was seen to pipeline
 * is not: after a loss only earlier requests are paired, as far as they are certain.
 *
 * ```
 *   client   │ request 0 │ request 1 (lost) │ request 2 │
 *   server               │ response 0 │ response 1 │ response 2 │    request 2 acknowledges all up to response 2
 * ```
 */
export class ResponseOrder {
  #requests = 0;
  /** In the order of the client's stream. */
  #open: Open[] = [];
  /** The client has sent a request before the response to an earlier one. */
  #isPipelining = false;
  /** Because of a loss, the client was assumed to wait for each response. */
  #isAssuming = false;
  /** The assumption holds, and no response has arrived since. */
  #isUnproven = false;
  /** It is not known any more which request a response answers. */
  #isLost = false;
  /** End of the lost server bytes that may have contained responses. */
  #serverLossEnd = 0;
  /** Start of the last final response in the server's stream. */
  #lastResponse = -1;

  /** A request begins `offset` bytes into the segment. Returns its number, from 0. */
  request({ position, acknowledged }: Place, offset: number): number {
    const number = this.#requests++;
    if (this.#isLost) return number;
    const open = this.#open;
    const isAhead = acknowledged <= this.#lastResponse || open.some((item) => isOfPart(item, acknowledged));
    if (isAhead) this.#notePipelining();
    if (open.length > 0) {
      if (!this.#isPipelining && open.every((item) => this.#mayBeAnswered(item))) {
        this.#assume();
        open.length = 0;
      } else this.#notePipelining();
    }
    if (this.#isLost) return number;
    this.#push({ number, position: position + offset, acknowledged, received: -1, isSure: true, isConfirmed: false });
    return number;
  }

  /** Number of the request that a response, which begins `offset` bytes into the segment, answers, or {@link NO_ANSWERED}. */
  expected(segment: Place, offset: number): number {
    if (this.#isLost) return NO_ANSWERED;
    const open = this.#open;
    let received = 0;
    while (received < open.length && open[received]!.position < segment.acknowledged) received++;
    // The server had not received any request.
    if (received === 0) return NO_ANSWERED;
    if (!this.#isPipelining) {
      // The client has waited for the responses to all requests that the server had received except the last one.
      for (; received > 1 && this.#mayBeAnswered(open[0]!); received--) {
        this.#assume();
        open.shift();
      }
      if (received > 1 && open[1]!.number !== NO_ANSWERED) this.#notePipelining();
      if (this.#isLost) return NO_ANSWERED;
    } else if (received > 1 && this.#isSkipped(open[0]!)) return this.#lose();
    const first = open[0]!;
    if (first.number === NO_ANSWERED) {
      if (this.#isPipelining) return this.#lose();
      this.#assume();
      return NO_ANSWERED;
    }
    return this.#isInStep(first, segment.position + offset) ? first.number : this.#lose();
  }

  /** Marks the request of the response that {@link expected} was called for as answered: the response is final. */
  answer({ position, acknowledged }: Place, offset: number): void {
    this.#lastResponse = position + offset;
    this.#isUnproven = false;
    const first = this.#open[0];
    if (first !== undefined && first.position < acknowledged) this.#open.shift();
  }

  /** Records that the bytes of the server's stream before `end` were lost, except those that had arrived. */
  loseServer(end: number): void {
    this.#serverLossEnd = Math.max(this.#serverLossEnd, end);
  }

  /**
   * Records that bytes of the client's stream were lost, from `position` on. `isSure`: a request would have begun there. If the beginning of a
   * request was seen, `received` is the number of bytes of the server's stream that the client had received when it sent the last bytes of that
   * request; else it is -1.
   */
  loseClient(position: number, isSure: boolean, received = -1): void {
    const last = this.#open.at(-1);
    if (this.#isLost || last?.number === NO_ANSWERED) return;
    const acknowledged = Math.max(last?.acknowledged ?? 0, this.#lastResponse);
    this.#push({ number: NO_ANSWERED, position, acknowledged, received, isSure, isConfirmed: false });
  }

  /** Receives bytes of the client, sent when it had received the bytes of the server's stream that `acknowledged` counts. */
  follow({ acknowledged }: Pick<Place, "acknowledged">): void {
    const loss = this.#open.at(-1);
    if (loss?.number !== NO_ANSWERED || !loss.isSure || (this.#open.length === 1 && this.#lastResponse === -1)) return;
    // The lost bytes were sent before, without waiting for a response.
    if (acknowledged <= loss.acknowledged) this.#notePipelining();
  }

  /** Assumes from here on that the client waits for each response. */
  #assume(): void {
    this.#isAssuming = true;
    this.#isUnproven = true;
  }

  /** The client pipelines: the assumption that it waits was wrong. */
  #notePipelining(): void {
    this.#isPipelining = true;
    if (this.#isUnproven) this.#lose();
  }

  #push(item: Open): void {
    if (this.#open.length === MAX_OPEN) this.#lose();
    else this.#open.push(item);
  }

  #lose(): typeof NO_ANSWERED {
    this.#isLost = true;
    this.#open.length = 0;
    return NO_ANSWERED;
  }

  /** Whether its response may be in the lost bytes of the server. */
  #isSkipped({ acknowledged }: Open): boolean {
    return this.#serverLossEnd > acknowledged;
  }

  /** Whether a client that waits may have received its response. */
  #mayBeAnswered(item: Open): boolean {
    return this.#isSkipped(item) || (item.number === NO_ANSWERED && !item.isSure);
  }

  /** Whether the first response to a request of a client that waits begins where the client's received data ended. */
  #isInStep(item: Open, position: number): boolean {
    if (!this.#isAssuming || item.isConfirmed || this.#isSkipped(item)) return true;
    item.isConfirmed = position === item.acknowledged;
    return item.isConfirmed;
  }
}

/** Whether this is a loss within a request after whose last seen bytes the client has received nothing. */
function isOfPart({ received }: Open, acknowledged: number): boolean {
  return acknowledged <= received;
}
