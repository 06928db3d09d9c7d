import { RecentPlaces } from "../wire/recent-places.js";
import type { Timestamp } from "../wire/timestamp.js";
import { REQUEST_KEY_WORDS, type RequestKey } from "./request-key.js";

/** Most requests that are remembered. */
const MAX_REQUESTS = 16384;

/** The requests that were answered last: a response that comes again is known by them. */
export class AnsweredRequests {
  readonly #places: RecentPlaces;
  readonly #keys: Int32Array;
  /** When they were answered. */
  readonly #arrivals: Float64Array;
  readonly #requestHigh: Uint32Array;
  readonly #requestLow: Uint32Array;

  /** For a table of `maxEntries` open requests. */
  constructor(maxEntries: number) {
    const places = Math.min(maxEntries, MAX_REQUESTS);
    this.#places = new RecentPlaces(places);
    this.#keys = new Int32Array(places * REQUEST_KEY_WORDS);
    this.#arrivals = new Float64Array(places);
    this.#requestHigh = new Uint32Array(places);
    this.#requestLow = new Uint32Array(places);
  }

  /** A request with this key and its hash, made at the time of the two halves, was answered at `arrival`. */
  add({ words }: RequestKey, hash: number, arrival: number, requestHigh: number, requestLow: number): void {
    const known = this.#find(words, hash);
    const place = known === -1 ? this.#places.add(hash) : known;
    this.#keys.set(words, place * REQUEST_KEY_WORDS);
    this.#arrivals[place] = arrival;
    this.#requestHigh[place] = requestHigh;
    this.#requestLow[place] = requestLow;
  }

  /** True where a request with this key and its hash was answered after `since`; `requestTime` is then its time. */
  has({ words }: RequestKey, hash: number, since: number, requestTime: Timestamp): boolean {
    const place = this.#find(words, hash);
    if (place === -1 || this.#arrivals[place]! <= since) return false;
    requestTime.high = this.#requestHigh[place]!;
    requestTime.low = this.#requestLow[place]!;
    return true;
  }

  #find(words: Int32Array, hash: number): number {
    const places = this.#places;
    for (let place = places.first(hash); place !== -1; place = places.after(place)) {
      if (places.hashOf(place) === hash && this.#hasKey(place, words)) return place;
    }
    return -1;
  }

  #hasKey(place: number, words: Int32Array): boolean {
    const keys = this.#keys;
    const at = place * REQUEST_KEY_WORDS;
    for (let i = 0; i < REQUEST_KEY_WORDS; i++) if (keys[at + i] !== words[i]) return false;
    return true;
  }
}
