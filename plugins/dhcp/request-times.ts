import { type Packet, Timestamp } from "../../runtime/plugin/index.js";

const SETS = 1024;
const WAYS = 4;
const PLACES = SETS * WAYS;

/** Older messages have nothing to do with a server's; transaction ids come back. */
const WINDOW_NANOSECONDS = 60e9;

/**
 * When clients sent their last messages, for up to 4096 transactions. A transaction has its place in one set of four; a fifth one
 * takes the place of the oldest. Servers and clients use different addresses from message to message, so that no conversation
 * indicates what belongs together, but transaction id and client do.
 */
export class RequestTimes {
  /** Of the message that {@link find} found. */
  readonly time = new Timestamp();
  frame = 0;
  readonly #transactions = new Uint32Array(PLACES);
  readonly #clients = new Uint32Array(PLACES);
  /** 0 for a place that is free. */
  readonly #frames = new Float64Array(PLACES);
  readonly #timesHigh = new Uint32Array(PLACES);
  readonly #timesLow = new Uint32Array(PLACES);

  /** Notes a message of a client, given as a hash of its identity. */
  note({ time, frameNumber }: Readonly<Packet>, transaction: number, client: number): void {
    const first = firstPlace(transaction, client);
    let place = first;
    for (let i = first; i < first + WAYS; i++) {
      if (this.#isAt(i, transaction, client)) {
        place = i;
        break;
      }
      if (this.#isOlder(i, place)) place = i;
    }
    this.#transactions[place] = transaction;
    this.#clients[place] = client;
    this.#frames[place] = frameNumber;
    this.#timesHigh[place] = time.high;
    this.#timesLow[place] = time.low;
  }

  /** Finds the client's last message of the transaction before `now`; false if there is none. */
  find({ time }: Readonly<Packet>, transaction: number, client: number): boolean {
    const first = firstPlace(transaction, client);
    for (let i = first; i < first + WAYS; i++) {
      if (!this.#isAt(i, transaction, client)) continue;
      this.time.high = this.#timesHigh[i]!;
      this.time.low = this.#timesLow[i]!;
      this.frame = this.#frames[i]!;
      const age = time.nanosecondsSince(this.time);
      return age >= 0 && age <= WINDOW_NANOSECONDS;
    }
    return false;
  }

  #isAt(place: number, transaction: number, client: number): boolean {
    return this.#frames[place] !== 0 && this.#transactions[place] === transaction && this.#clients[place] === client;
  }

  #isOlder(place: number, other: number): boolean {
    const high = this.#timesHigh[place]! - this.#timesHigh[other]!;
    return high === 0 ? this.#timesLow[place]! < this.#timesLow[other]! : high < 0;
  }
}

function firstPlace(transaction: number, client: number): number {
  return (Math.imul(transaction ^ client, 0x9e3779b1) >>> 22) * WAYS;
}
