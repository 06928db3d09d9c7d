import type { Timestamp } from "../../record/timestamp.js";
import { type PLACE_WORDS, RecentPlaces } from "../memory/recent-places.js";
import { REQUEST_KEY_WORDS, type RequestKey } from "./request-key.js";

/** Maximum number of remembered requests. */
const MAX_REQUESTS = 16384;
/** Maximum number of requests of one key and different subjects that are examined, newest first. */
const MAX_OF_KEY = 64;
/**
 * State of a request, as words of its place, after the {@link PLACE_WORDS} first ones: its subject, the halves of its time, its key. The
 * arrival of the response is one of its 64-bit numbers.
 */
const Word = { Subject: 4, High: 5, Low: 6, Key: 7 } as const;
const ARRIVAL = 1;
/** An even number, because a place is a whole number of 64-bit numbers. */
const WORDS = (Word.Key + REQUEST_KEY_WORDS + 1) & ~1;
const NUMBERS = WORDS / 2;

/** The most recently answered requests, by which repeated responses are recognized. */
export class AnsweredRequests {
  readonly #places: RecentPlaces;
  /** {@link Word}s by place, and the same memory as 64-bit numbers. */
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;

  /** For a table of `maxEntries` open requests. */
  constructor(maxEntries: number) {
    this.#places = new RecentPlaces(Math.min(maxEntries, MAX_REQUESTS), WORDS);
    this.#words = this.#places.words;
    this.#numbers = new Float64Array(this.#words.buffer);
  }

  /**
   * Records that a request with this key, its hash and this subject (0 for none), made at the time of the two halves, was answered at
   * `arrival`.
   */
  add(
    { words, length }: RequestKey,
    hash: number,
    subject: number,
    arrival: number,
    requestHigh: number,
    requestLow: number,
  ): void {
    const place = this.#places.add(hash);
    const kept = this.#words;
    const at = place * WORDS;
    for (let i = 0; i < length; i++) kept[at + Word.Key + i] = words[i]!;
    kept[at + Word.Subject] = subject;
    kept[at + Word.High] = requestHigh;
    kept[at + Word.Low] = requestLow;
    this.#numbers[place * NUMBERS + ARRIVAL] = arrival;
  }

  /**
   * Whether a request with this key and its hash, and with the subject unless that is 0, was answered after `since`; if so, `requestTime` is
   * set to its time.
   */
  has(key: RequestKey, hash: number, subject: number, since: number, requestTime: Timestamp): boolean {
    const place = this.#find(key, hash, subject);
    if (place === -1 || this.#numbers[place * NUMBERS + ARRIVAL]! <= since) return false;
    requestTime.high = this.#words[place * WORDS + Word.High]! >>> 0;
    requestTime.low = this.#words[place * WORDS + Word.Low]! >>> 0;
    return true;
  }

  /** The last packet's clock jump was wrong: it arrived at `now` at the latest. */
  rewind(now: number): void {
    const at = this.#places.newest * NUMBERS + ARRIVAL;
    this.#numbers[at] = Math.min(this.#numbers[at]!, now);
  }

  #find({ words, length }: RequestKey, hash: number, subject: number): number {
    const places = this.#places;
    let tries = 0;
    for (let place = places.find(hash); place !== -1; place = places.findAfter(place, hash)) {
      const isWanted = subject === 0 || this.#words[place * WORDS + Word.Subject] === subject;
      if (isWanted && this.#hasKey(place, words, length)) return place;
      if (++tries === MAX_OF_KEY) return -1;
    }
    return -1;
  }

  #hasKey(place: number, words: Int32Array, length: number): boolean {
    const at = place * WORDS + Word.Key;
    for (let i = 0; i < length; i++) if (this.#words[at + i] !== words[i]) return false;
    return true;
  }
}
