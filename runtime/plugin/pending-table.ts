import type { Packet } from "../packet/packet.js";
import { PROCESS_HASH_KEY } from "../wire/hash-key.js";
import { nanosecondsBetween } from "../wire/nanoseconds-between.js";
import type { Timestamp } from "../wire/timestamp.js";
import { REQUEST_KEY_BYTES, RequestKey } from "./request-key.js";

/** The table's bytes of requests grow from this on. */
const INITIAL_DATA_BYTES = 64 * 1024;
const NONE = -1;

/** Takes the encoded rows of requests that leave the table without a response. */
export type RowSink = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Open requests, each as the row that it becomes if no response comes.
 *
 * All requests live equally long, so the order of arrival is the order of expiry and both the slots and the rows' bytes are rings:
 *
 * ```
 * slots   … │ oldest │ taken │ … │ newest │ free …      bytes   … │ row │ row │ … │ row │ free …
 *             first              last
 * ```
 *
 * A response takes a row back through a hash chain over conversation and key. A request to a group (multicast or broadcast) is
 * answered from any address.
 */
export class PendingTable {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #ttlNanoseconds: number;
  readonly #sink: RowSink;
  readonly #mask: number;
  readonly #buckets: Int32Array;
  readonly #next: Int32Array;
  readonly #hashes: Int32Array;
  readonly #keys: Uint8Array;
  readonly #timesHigh: Uint32Array;
  readonly #timesLow: Uint32Array;
  /** Times of the requests themselves, which are earlier where one was taken back and kept on. */
  readonly #requestHigh: Uint32Array;
  readonly #requestLow: Uint32Array;
  readonly #dataStarts: Uint32Array;
  /** 0 for a slot whose request was taken back. */
  readonly #dataLengths: Uint32Array;
  readonly #probe: RequestKey;
  #data = new Uint8Array(INITIAL_DATA_BYTES);
  #first = 0;
  #used = 0;
  #dataEnd = 0;
  #found = NONE;
  /** Requests that left before their time because the table was full. */
  evicted = 0;

  /**
   * At most `maxEntries` requests of `maxBytes` bytes together, each for `ttlMs` of capture time. `hashKey` is the secret of its
   * hashes.
   */
  constructor(
    maxEntries: number,
    maxBytes: number,
    ttlMs: number,
    sink: RowSink,
    hashKey: Int32Array = PROCESS_HASH_KEY,
  ) {
    this.#probe = new RequestKey(hashKey);
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#ttlNanoseconds = ttlMs * 1e6;
    this.#sink = sink;
    const buckets = 2 ** Math.ceil(Math.log2(maxEntries * 2));
    this.#mask = buckets - 1;
    this.#buckets = new Int32Array(buckets).fill(NONE);
    this.#next = new Int32Array(maxEntries);
    this.#hashes = new Int32Array(maxEntries);
    this.#keys = new Uint8Array(maxEntries * REQUEST_KEY_BYTES);
    this.#timesHigh = new Uint32Array(maxEntries);
    this.#timesLow = new Uint32Array(maxEntries);
    this.#requestHigh = new Uint32Array(maxEntries);
    this.#requestLow = new Uint32Array(maxEntries);
    this.#dataStarts = new Uint32Array(maxEntries);
    this.#dataLengths = new Uint32Array(maxEntries);
  }

  /** Bytes of the requests' rows; {@link find} returns the place of one. */
  get data(): Uint8Array {
    return this.#data;
  }

  /**
   * Keeps `row[0, length)` as a request under `key` that was made at `requestTime`. With `isReversed` the packet's receiver is the
   * client, else its sender.
   */
  hold(
    packet: Readonly<Packet>,
    key: number,
    isReversed: boolean,
    row: Uint8Array,
    length: number,
    requestTime: Timestamp,
  ): void {
    const hash = this.#probe.write(packet, key, isReversed, !isReversed && isGroup(packet));
    const earlier = this.#find(hash);
    if (earlier !== NONE) this.#release(earlier);
    const at = this.#reserve(length);
    const slot = (this.#first + this.#used) % this.#maxEntries;
    this.#used++;
    this.#data.set(row.subarray(0, length), at);
    this.#dataStarts[slot] = at;
    this.#dataLengths[slot] = length;
    this.#hashes[slot] = hash;
    this.#keys.set(this.#probe.bytes, slot * REQUEST_KEY_BYTES);
    this.#timesHigh[slot] = packet.time.high;
    this.#timesLow[slot] = packet.time.low;
    this.#requestHigh[slot] = requestTime.high;
    this.#requestLow[slot] = requestTime.low;
    const bucket = hash & this.#mask;
    this.#next[slot] = this.#buckets[bucket]!;
    this.#buckets[bucket] = slot;
  }

  /**
   * Finds a request under `key` and fills its time: that of the packet's receiver with `isReversed`, else of its sender. Its row is
   * then at {@link data} `[foundStart, foundEnd)`, and {@link remove} takes it out, until the next call of another method. False when
   * there is none.
   */
  find(packet: Readonly<Packet>, key: number, isReversed: boolean, requestTime: Timestamp): boolean {
    let slot = this.#find(this.#probe.write(packet, key, isReversed, false));
    if (slot === NONE && isReversed) slot = this.#find(this.#probe.write(packet, key, true, true));
    if (slot === NONE) return false;
    this.#found = slot;
    this.foundStart = this.#dataStarts[slot]!;
    this.foundEnd = this.foundStart + this.#dataLengths[slot]!;
    requestTime.high = this.#requestHigh[slot]!;
    requestTime.low = this.#requestLow[slot]!;
    return true;
  }

  foundStart = 0;
  foundEnd = 0;

  /** Takes out the request that {@link find} has just found. */
  remove(): void {
    this.#unlink(this.#found);
    this.#dropTaken();
  }

  /** Lets the requests go whose time has ended. */
  advance(now: Timestamp): void {
    while (this.#used > 0) {
      const slot = this.#first;
      const age = nanosecondsBetween(this.#timesHigh[slot]!, this.#timesLow[slot]!, now.high, now.low);
      if (age < this.#ttlNanoseconds) return;
      this.#release(slot);
      this.#dropTaken();
    }
  }

  /** Lets every request go. */
  finish(): void {
    while (this.#used > 0) {
      this.#release(this.#first);
      this.#dropTaken();
    }
  }

  /** Makes a request a row as it stands. */
  #release(slot: number): void {
    if (this.#dataLengths[slot] === 0) return;
    const start = this.#dataStarts[slot]!;
    this.#sink(this.#data, start, start + this.#dataLengths[slot]!);
    this.#unlink(slot);
  }

  #unlink(slot: number): void {
    const bucket = this.#hashes[slot]! & this.#mask;
    let at = this.#buckets[bucket]!;
    if (at === slot) this.#buckets[bucket] = this.#next[slot]!;
    else {
      while (this.#next[at] !== slot) at = this.#next[at]!;
      this.#next[at] = this.#next[slot]!;
    }
    this.#dataLengths[slot] = 0;
  }

  /** Moves the start of the rings past slots that are empty. */
  #dropTaken(): void {
    while (this.#used > 0 && this.#dataLengths[this.#first] === 0) {
      this.#first = this.#first + 1 === this.#maxEntries ? 0 : this.#first + 1;
      this.#used--;
    }
  }

  /** Finds `length` free bytes in the ring of rows; lets the oldest requests go where there is no room. */
  #reserve(length: number): number {
    for (;;) {
      this.#dropTaken();
      if (this.#used < this.#maxEntries) {
        const at = this.#freeBytes(length);
        if (at !== NONE) {
          this.#dataEnd = at + length;
          return at;
        }
        if (this.#data.length < this.#maxBytes) {
          this.#growData(length);
          continue;
        }
      }
      this.evicted++;
      this.#release(this.#first);
    }
  }

  /** Start of `length` contiguous free bytes after the newest row, or at the front; NONE when there are none. */
  #freeBytes(length: number): number {
    if (this.#used === 0) return length < this.#data.length ? 0 : NONE;
    const oldest = this.#dataStarts[this.#first]!;
    const end = this.#dataEnd;
    if (end > oldest) {
      if (end + length < this.#data.length) return end;
      return length < oldest ? 0 : NONE;
    }
    return end + length < oldest ? end : NONE;
  }

  /** Doubles the ring of rows and lays the rows out from its front. */
  #growData(length: number): void {
    const grown = new Uint8Array(Math.min(Math.max(this.#data.length * 2, length * 2), this.#maxBytes));
    let at = 0;
    for (let i = 0; i < this.#used; i++) {
      const slot = (this.#first + i) % this.#maxEntries;
      const size = this.#dataLengths[slot]!;
      const start = this.#dataStarts[slot]!;
      grown.set(this.#data.subarray(start, start + size), at);
      this.#dataStarts[slot] = at;
      at += size;
    }
    this.#data = grown;
    this.#dataEnd = at;
  }

  /** Requests in the fullest bucket. */
  get longestChain(): number {
    let longest = 0;
    for (let slot of this.#buckets) {
      let length = 0;
      for (; slot !== NONE; slot = this.#next[slot]!) length++;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  #find(hash: number): number {
    const probe = this.#probe.bytes;
    const keys = this.#keys;
    let slot = this.#buckets[hash & this.#mask]!;
    search: while (slot !== NONE) {
      if (this.#hashes[slot] === hash) {
        const at = slot * REQUEST_KEY_BYTES;
        for (let i = 0; i < REQUEST_KEY_BYTES; i++) {
          if (keys[at + i] !== probe[i]) {
            slot = this.#next[slot]!;
            continue search;
          }
        }
        return slot;
      }
      slot = this.#next[slot]!;
    }
    return NONE;
  }
}

/** True for a destination that several hosts may answer for: IPv4 and IPv6 multicast, limited broadcast. */
function isGroup({ bytes, dstAddressStart, addressLength }: Readonly<Packet>): boolean {
  if (addressLength === 16) return bytes[dstAddressStart] === 0xff;
  return addressLength === 4 && bytes[dstAddressStart]! >= 0xe0;
}
