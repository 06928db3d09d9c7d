import type { StreamSegment } from "./hooks.js";

/** No request is known to be the one that a response answers. */
export const NO_ANSWERED = -1;

/** Positions of open requests that are kept; of more, none of them is checked. */
const MAX_POSITIONS = 256;

/**
 * Numbers the requests of a connection whose responses come in the order of the requests, and finds which one a response answers. Where bytes
 * were lost it pairs what is sure: a client that waits for each response before it asks again is in step again with its next request; of one
 * that does not, nothing after the loss is paired.
 */
export class ResponseOrder {
  #requests = 0;
  /** Number of the request that is answered next, where there is none lost between. */
  #next = 0;
  /** From this number on it is not known how many responses come before. */
  #unsafeFrom = Number.POSITIVE_INFINITY;
  /** The client has sent a request before the response to an earlier one. */
  #isPipelining = false;
  /** Bytes of the server were lost since the client sent anything; bytes of the client since the last response. */
  #hasServerLoss = false;
  #hasClientLoss = false;
  /** Where the open requests begin in the client's stream, from {@link #next} on. */
  readonly #positions: number[] = [];

  /**
   * A request begins `offset` bytes into the segment. Returns its number, from 0. `isUnfinished` for one whose end was lost: bytes of the server
   * that were lost may have come after it.
   */
  request(
    segment: Pick<StreamSegment, "position" | "acknowledged" | "otherPosition">,
    offset: number,
    isUnfinished = false,
  ): number {
    // What was lost may have been a request that waits for its response still, unless the client was seen to wait before it asks again.
    const isWaiting = !this.#isPipelining && this.#next > 0;
    if (this.#hasClientLoss && !this.#hasServerLoss && !isWaiting) this.#distrust(this.#requests);
    if (this.#next < this.#requests) {
      const isCaughtUp = segment.acknowledged >= segment.otherPosition;
      // The responses to the earlier ones were in what was lost.
      if (this.#hasServerLoss && !this.#isPipelining && isCaughtUp) this.#giveUpOpen();
      else this.#isPipelining = true;
      if (this.#hasServerLoss && this.#isPipelining) this.#distrust(this.#next);
    }
    this.#hasServerLoss &&= isUnfinished;
    this.#hasClientLoss = false;
    if (this.#positions.length < MAX_POSITIONS) this.#positions.push(segment.position + offset);
    return this.#requests++;
  }

  /** Number of the request that a final response in the segment answers, or {@link NO_ANSWERED}. */
  expected({ acknowledged }: Pick<StreamSegment, "acknowledged">): number {
    this.#hasClientLoss = false;
    const number = this.#next;
    if (number >= this.#requests || number >= this.#unsafeFrom) return NO_ANSWERED;
    const position = this.#positions[0];
    // The server did not know of it.
    if (position !== undefined && position >= acknowledged) return NO_ANSWERED;
    return number;
  }

  /** The request that {@link expected} named is answered. */
  answer(): void {
    this.#next++;
    this.#positions.shift();
  }

  /** Bytes of one side were lost in which messages may have begun or ended. */
  lose(isFromServer: boolean): void {
    if (isFromServer) {
      this.#hasServerLoss = true;
      if (this.#isPipelining && this.#next < this.#requests) this.#distrust(this.#next);
      return;
    }
    this.#hasClientLoss = true;
    if (this.#next < this.#requests && this.#hasServerLoss && !this.#isPipelining) this.#giveUpOpen();
    else if (this.#next < this.#requests) this.#isPipelining = true;
    if (this.#isPipelining) this.#distrust(this.#requests);
    this.#hasServerLoss = false;
  }

  #distrust(number: number): void {
    this.#unsafeFrom = Math.min(this.#unsafeFrom, number);
  }

  /** The open requests are not answered any more, as far as can be seen. */
  #giveUpOpen(): void {
    this.#next = this.#requests;
    this.#positions.length = 0;
  }
}
