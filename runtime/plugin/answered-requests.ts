import { RecentPlaces } from "../wire/recent-places.js";
import type { Timestamp } from "../wire/timestamp.js";
import { REQUEST_KEY_WORDS, type RequestKey } from "./request-key.js";

/** Most requests that are remembered. */
const MAX_REQUESTS = 16384;
/** Requests of one key and different subjects that are looked through, newest first. */
const MAX_OF_KEY = 64;

/** The requests that were answered last: a response that comes again is known by them. */
export class AnsweredRequests {
  readonly #places: RecentPlaces;
  readonly #keys: Int32Array;
  readonly #subjects: Int32Array;
  /** When they were answered. */
  readonly #arrivals: Float64Array;
  readonly #requestHigh: Uint32Array;
  readonly #requestLow: Uint32Array;

  /** For a table of `maxEntries` open requests. */
  constructor(maxEntries: number) {
    this.#places = new RecentPlaces(Math.min(maxEntries, MAX_REQUESTS));
    const places = this.#places.capacity;
    this.#keys = new Int32Array(places * REQUEST_KEY_WORDS);
    this.#subjects = new Int32Array(places);
    this.#arrivals = new Float64Array(places);
    this.#requestHigh = new Uint32Array(places);
    this.#requestLow = new Uint32Array(places);
  }

  /** A request with this key, its hash and this subject (0 for none), made at the time of the two halves, was answered at `arrival`. */
  add(
    { words, length }: RequestKey,
    hash: number,
    subject: number,
    arrival: number,
    requestHigh: number,
    requestLow: number,
  ): void {
    const place = this.#places.add(hash);
    const keys = this.#keys;
    const at = place * REQUEST_KEY_WORDS;
    for (let i = 0; i < length; i++) keys[at + i] = words[i]!;
    this.#subjects[place] = subject;
    this.#arrivals[place] = arrival;
    this.#requestHigh[place] = requestHigh;
    this.#requestLow[place] = requestLow;
  }

  /**
   * True where a request with this key and its hash, of the subject unless that is 0, was answered after `since`; `requestTime` is then its
   * time.
   */
  has(key: RequestKey, hash: number, subject: number, since: number, requestTime: Timestamp): boolean {
    const place = this.#find(key, hash, subject);
    if (place === -1 || this.#arrivals[place]! <= since) return false;
    requestTime.high = this.#requestHigh[place]!;
    requestTime.low = this.#requestLow[place]!;
    return true;
  }

  #find({ words, length }: RequestKey, hash: number, subject: number): number {
    const places = this.#places;
    let tries = 0;
    for (let place = places.find(hash); place !== -1; place = places.findAfter(place, hash)) {
      const isWanted = subject === 0 || this.#subjects[place] === subject;
      if (isWanted && this.#hasKey(place, words, length)) return place;
      if (++tries === MAX_OF_KEY) return -1;
    }
    return -1;
  }

  #hasKey(place: number, words: Int32Array, length: number): boolean {
    const keys = this.#keys;
    const at = place * REQUEST_KEY_WORDS;
    for (let i = 0; i < length; i++) if (keys[at + i] !== words[i]) return false;
    return true;
  }
}
