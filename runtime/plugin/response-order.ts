import type { StreamSegment } from "./hooks.js";

/** No request is known to be the one that a response answers. */
export const NO_ANSWERED = -1;

/** Requests, and losses between them, that are kept at most; of more, nothing is paired. */
const MAX_OPEN = 256;

/** What may still be answered: a request, or bytes of the client that were lost and in which requests may have been. */
interface Open {
  /** {@link NO_ANSWERED} for a loss. */
  readonly number: number;
  /** Where it begins in the client's stream. */
  readonly position: number;
  /** What the client had received of the server's stream when it sent that; of a loss, at least. */
  readonly acknowledged: number;
  /** For a loss within a request: what the client had received of the server's stream when it sent the last bytes seen of that, else -1. */
  readonly received: number;
  /** For a loss: it began where a request does. */
  readonly isSure: boolean;
  /** A response that is not the final one has come, where the first one was to come. */
  isConfirmed: boolean;
}

type Place = Pick<StreamSegment, "position" | "acknowledged">;

/**
 * Numbers the requests of a connection whose responses come in the order of the requests, and finds which one a response answers, by their
 * positions in both streams. Without loss it is the first one that is open, if its server had received it.
 *
 * Where bytes were lost it pairs what is sure. A client that waits for each response before it asks again is in step again with its next
 * request: all before that were answered, and the response begins where the client had received everything. A client that was seen to ask
 * ahead is not: after a loss nothing of it is paired but requests of before, as far as that is certain.
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
  /** It was taken for granted that the client waits, because of a loss. */
  #isAssuming = false;
  /** It is assumed, and no response has come since. */
  #isUnproven = false;
  /** Which request a response answers is not known any more. */
  #isLost = false;
  /** End of the server's bytes that were lost and in which responses may have been. */
  #serverLossEnd = 0;
  /** Where the last final response began in the server's stream. */
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
    // The server knew of none.
    if (received === 0) return NO_ANSWERED;
    if (!this.#isPipelining) {
      // The client has waited for the responses to all requests that the server had received but for the last one.
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

  /** The response that {@link expected} was asked about is a final one: what it answers, if anything, is answered. */
  answer({ position, acknowledged }: Place, offset: number): void {
    this.#lastResponse = position + offset;
    this.#isUnproven = false;
    const first = this.#open[0];
    if (first !== undefined && first.position < acknowledged) this.#open.shift();
  }

  /** The bytes of the server's stream before `end` were lost, as far as they had not come. */
  loseServer(end: number): void {
    this.#serverLossEnd = Math.max(this.#serverLossEnd, end);
  }

  /**
   * Bytes of the client's stream were lost, from `position` on. `isSure` where a request would have begun there. Where the beginning of one was
   * seen, the client had received `received` bytes of the server's stream when it sent the last bytes of that; else it is -1.
   */
  loseClient(position: number, isSure: boolean, received = -1): void {
    const last = this.#open.at(-1);
    if (this.#isLost || last?.number === NO_ANSWERED) return;
    const acknowledged = Math.max(last?.acknowledged ?? 0, this.#lastResponse);
    this.#push({ number: NO_ANSWERED, position, acknowledged, received, isSure, isConfirmed: false });
  }

  /** Bytes of the client come, which it sent when it had received what `acknowledged` says of the server's stream. */
  follow({ acknowledged }: Pick<Place, "acknowledged">): void {
    const loss = this.#open.at(-1);
    if (loss?.number !== NO_ANSWERED || !loss.isSure || (this.#open.length === 1 && this.#lastResponse === -1)) return;
    // What was lost was sent before, and asked for without waiting.
    if (acknowledged <= loss.acknowledged) this.#notePipelining();
  }

  /** Pairing now assumes that the client waits for each response. */
  #assume(): void {
    this.#isAssuming = true;
    this.#isUnproven = true;
  }

  /** The client asks ahead: what was assumed of it meanwhile was wrong. */
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

  /** Its response may be in what was lost of the server. */
  #isSkipped({ acknowledged }: Open): boolean {
    return this.#serverLossEnd > acknowledged;
  }

  /** A client that waits may have had its response. */
  #mayBeAnswered(item: Open): boolean {
    return this.#isSkipped(item) || (item.number === NO_ANSWERED && !item.isSure);
  }

  /** The first response to a request of a client that waits begins where the client had received everything. */
  #isInStep(item: Open, position: number): boolean {
    if (!this.#isAssuming || item.isConfirmed || this.#isSkipped(item)) return true;
    item.isConfirmed = position === item.acknowledged;
    return item.isConfirmed;
  }
}

/** True for a loss within a request after whose last seen bytes the client has received nothing. */
function isOfPart({ received }: Open, acknowledged: number): boolean {
  return acknowledged <= received;
}
