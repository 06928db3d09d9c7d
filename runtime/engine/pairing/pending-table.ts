import { PROCESS_HASH_KEY } from "../../bytes/hash-key.js";
import type { Packet } from "../../packet/packet.js";
import { contentStart, fieldEnd } from "../../protobuf/length-delimited.js";
import type { Timestamp } from "../../record/timestamp.js";
import type { TagRule } from "../conversation/tag-rule.js";
import { SlotOrder } from "../memory/slot-order.js";
import { AnsweredRequests } from "./answered-requests.js";
import { isGroup } from "./is-group.js";
import { OwnedRequests } from "./owned-requests.js";
import { RequestIndex } from "./request-index.js";
import { NO_REQUEST, type RequestOwner } from "./request-owner.js";
import { RequestRows, type RowPlaces } from "./request-rows.js";

const NONE = NO_REQUEST;
/** Maximum number of open requests of one key with different subjects in one network; a further one replaces the oldest. */
const MAX_OF_NETWORK = 64;
/** Maximum number of requests of one key, in any network, that a search for the only open one examines; with more, none is found. */
const MAX_ELSEWHERE = 64;
/** Every request of a key, whatever its subject. */
const ANY_SUBJECT = 0;
const MAX_COUNT = 65535;
/** The only list of the order. */
const WAITING = 0;

/** Facts about a request, beyond its row, that became known while it was open. */
export interface Amendments {
  /** How often it was retransmitted. */
  retransmissions: number;
  /** How often one of its packets was captured again. */
  duplicates: number;
  /** Lost bytes may have contained its response. */
  hasGap: boolean;
}

/** Receives the encoded rows of requests that leave the table without a response. */
export type RowSink = (bytes: Uint8Array, start: number, end: number, amendments: Readonly<Amendments>) => void;

/** Limits of a {@link PendingTable}. */
export interface PendingLimits {
  readonly maxEntries: number;
  /** Total bytes of their rows. */
  readonly maxBytes: number;
  /** How long a request waits; 0 for as long as its connection lives. */
  readonly ttlMs: number;
  readonly tagRule: TagRule;
}

/**
 * Open requests, each stored as the row that is emitted if no response arrives.
 *
 * A response finds its row by a hash of addresses, ports and key. If the VLANs or tunnels of the two differ, it finds it only if
 * there is no request under its own. Requests of one key may be open at once if they have different subjects, which the plugin numbers
 * by what is requested. A request to a group (multicast or broadcast) may be answered from any number of addresses.
 *
 * A request waits for a limited time after it was last sent; a request of a TCP connection ends with the connection at the latest.
 */
export class PendingTable {
  /** Requests that left early because the table was full. */
  evicted = 0;
  foundStart = 0;
  foundEnd = 0;
  /** The packet that {@link find} found a request for has other VLANs or tunnels than the request. */
  isFoundElsewhere = false;
  /** The request that {@link find} found was to a group of which another member has answered. */
  isFoundAnswered = false;
  /** Subject of the found request, 0 for none. */
  foundSubject = 0;
  /** Facts about the request that {@link find} found. */
  readonly foundAmendments: Amendments = { retransmissions: 0, duplicates: 0, hasGap: false };
  readonly #maxEntries: number;
  readonly #ttlNanoseconds: number;
  readonly #sink: RowSink;
  readonly #index: RequestIndex;
  readonly #order: SlotOrder;
  readonly #owned: OwnedRequests;
  readonly #arrivals: Float64Array;
  /** Times of the requests themselves, which are earlier if one was resumed and held again. */
  readonly #requestHigh: Uint32Array;
  readonly #requestLow: Uint32Array;
  readonly #retransmissions: Uint16Array;
  readonly #duplicates: Uint16Array;
  /** 1 for a request to a group, 2 after it was answered. */
  readonly #groups: Uint8Array;
  readonly #subjects: Int32Array;
  readonly #starts: Uint32Array;
  readonly #lengths: Uint32Array;
  readonly #rows: RequestRows;
  readonly #answered: AnsweredRequests;
  readonly #amendments: Amendments = { retransmissions: 0, duplicates: 0, hasGap: false };
  #size = 0;
  /** The oldest request that the last search examined when it reached a limit. */
  #surplus: number = NONE;
  #foundHash = 0;
  #found = NONE;

  /** `hashKey` is the secret key of its hashes. */
  constructor(limits: PendingLimits, sink: RowSink, hashKey: Int32Array = PROCESS_HASH_KEY) {
    const { maxEntries } = limits;
    this.#index = new RequestIndex(maxEntries, limits.tagRule, hashKey);
    this.#rows = new RequestRows(limits.maxBytes);
    this.#maxEntries = maxEntries;
    this.#ttlNanoseconds = limits.ttlMs * 1e6;
    this.#sink = sink;
    this.#order = new SlotOrder(maxEntries, 1);
    this.#owned = new OwnedRequests(maxEntries);
    this.#arrivals = new Float64Array(maxEntries);
    this.#requestHigh = new Uint32Array(maxEntries);
    this.#requestLow = new Uint32Array(maxEntries);
    this.#retransmissions = new Uint16Array(maxEntries);
    this.#duplicates = new Uint16Array(maxEntries);
    this.#groups = new Uint8Array(maxEntries);
    this.#subjects = new Int32Array(maxEntries);
    this.#starts = new Uint32Array(maxEntries);
    this.#lengths = new Uint32Array(maxEntries);
    this.#answered = new AnsweredRequests(maxEntries);
  }

  /** Bytes of the requests' rows; {@link find} sets the position of one. */
  get data(): Uint8Array {
    return this.#rows.bytes;
  }

  /**
   * Keeps `row[0, length)` as a request under `key` that was made at `requestTime`, of a connection or of none. With `isReversed` the
   * packet's receiver is the client, else its sender. An open request under the same key, with the same subject, from the same place, becomes
   * a row, unless the new one is a retransmission: then the open one is kept.
   */
  hold(
    packet: Readonly<Packet>,
    key: number,
    isReversed: boolean,
    row: Uint8Array,
    length: number,
    requestTime: Timestamp,
    owner?: RequestOwner,
    subject: number = ANY_SUBJECT,
  ): void {
    const isToGroup = !isReversed && isGroup(packet);
    const hash = this.#index.key.write(packet, key, isReversed, isToGroup);
    // A copy may have been captured in another network than the request.
    const earlier = this.#search(hash, packet.arrival, packet.isDuplicate, subject);
    if (packet.isDuplicate) {
      // A copy is not a separate request, even if the original was answered already.
      if (earlier !== NONE) this.#duplicates[earlier] = Math.min(MAX_COUNT, this.#duplicates[earlier]! + 1);
      return;
    }
    if (earlier !== NONE) {
      if (owner === undefined && this.#isSame(earlier, row, length)) {
        this.#keepOn(earlier, packet);
        return;
      }
      this.#release(earlier);
    } else if (this.#surplus !== NONE) {
      this.evicted++;
      this.#release(this.#surplus);
    }
    const slot = this.#take(length, packet.certainArrival);
    this.#starts[slot] = this.#rows.add(row, length);
    this.#lengths[slot] = length;
    this.#index.add(slot, hash);
    this.#arrivals[slot] = packet.arrival;
    this.#requestHigh[slot] = requestTime.high;
    this.#requestLow[slot] = requestTime.low;
    this.#retransmissions[slot] = 0;
    this.#duplicates[slot] = 0;
    this.#groups[slot] = isToGroup ? 1 : 0;
    this.#subjects[slot] = subject;
    if (owner !== undefined) this.#owned.add(slot, owner);
    this.#order.begin(slot, WAITING);
  }

  /**
   * Finds a request of the packet's sender, or with `isReversed` of its receiver, under `key` and with the subject unless that is 0, and sets
   * `time` to its time. Its row is at {@link data} `[foundStart, foundEnd)`, and {@link answer} or {@link remove} remove it, until the next call
   * of another method. Returns false if there is none.
   */
  find(
    packet: Readonly<Packet>,
    key: number,
    isReversed: boolean,
    requestTime: Timestamp,
    subject: number = ANY_SUBJECT,
  ): boolean {
    const hash = this.#index.key.write(packet, key, isReversed, false);
    let slot = this.#search(hash, packet.arrival, true, subject);
    if (slot === NONE && isReversed) {
      slot = this.#search(this.#index.key.write(packet, key, true, true), packet.arrival, true, subject);
      // Each member of a group answers once.
      if (slot !== NONE && this.#groups[slot] === 2 && this.wasAnswered(packet, key, requestTime, subject))
        return false;
    }
    if (slot === NONE) return false;
    this.#found = slot;
    this.foundSubject = this.#subjects[slot]!;
    this.#foundHash = hash;
    this.foundStart = this.#starts[slot]!;
    this.foundEnd = this.foundStart + this.#lengths[slot]!;
    requestTime.high = this.#requestHigh[slot]!;
    requestTime.low = this.#requestLow[slot]!;
    this.#amend(this.foundAmendments, slot);
    this.isFoundElsewhere = !this.#index.equalsTags(slot);
    this.isFoundAnswered = this.#groups[slot] === 2;
    return true;
  }

  /** Whether the packet's sender has recently answered a request under `key` with the subject; if so, the time is set to that of the request. */
  wasAnswered(packet: Readonly<Packet>, key: number, requestTime: Timestamp, subject: number = ANY_SUBJECT): boolean {
    const hash = this.#index.key.write(packet, key, true, false);
    return this.#answered.has(this.#index.key, hash, subject, packet.arrival - this.#ttlNanoseconds, requestTime);
  }

  /**
   * Marks the request that {@link find} has just found as answered by the packet and removes it, unless other members of its group may
   * answer.
   */
  answer(packet: Readonly<Packet>, key: number): void {
    const slot = this.#found;
    if (!this.#owned.isOwned(slot)) {
      const { key: probe } = this.#index;
      // As left by find(), except for a group, which it looks up without the server's address.
      const hash = this.#groups[slot] === 0 ? this.#foundHash : probe.write(packet, key, true, false);
      const subject = this.#subjects[slot]!;
      this.#answered.add(probe, hash, subject, packet.arrival, this.#requestHigh[slot]!, this.#requestLow[slot]!);
    }
    if (this.#groups[slot] === 0) this.#drop(slot);
    else this.#groups[slot] = 2;
  }

  /** Removes the request that {@link find} has just found. */
  remove(): void {
    this.#drop(this.#found);
  }

  /** Releases the requests whose time to live has ended. */
  advance(now: number): void {
    for (let slot = this.#oldest; slot !== NONE && !this.#isOpen(slot, now); slot = this.#oldest) this.#release(slot);
  }

  /** Limits arrivals to `now` after a clock jump turned out to be wrong: later arrivals become `now`. */
  rewind(now: number): void {
    const order = this.#order;
    for (let slot = order.newest(WAITING); slot !== NONE && this.#arrivals[slot]! > now; slot = order.older(slot)) {
      this.#arrivals[slot] = now;
    }
    this.#answered.rewind(now);
  }

  /** Releases the owner's requests that have timed out at `arrival`. */
  releaseLate(owner: RequestOwner, arrival: number): void {
    while (owner.oldestRequest !== NONE && !this.#isOpen(owner.oldestRequest, arrival)) {
      this.#release(owner.oldestRequest);
    }
  }

  /** Releases the requests of an owner that ended. */
  releaseOwned(owner: RequestOwner): void {
    while (owner.newestRequest !== NONE) this.#release(owner.newestRequest);
  }

  /** Releases every request. */
  finish(): void {
    while (this.#size > 0) this.#release(this.#oldest);
  }

  /** Number of requests in the fullest bucket. */
  get longestChain(): number {
    return this.#index.longestChain;
  }

  #isOpen(slot: number, arrival: number): boolean {
    return this.#ttlNanoseconds === 0 || arrival - this.#arrivals[slot]! <= this.#ttlNanoseconds;
  }

  /**
   * The slot of the newest open request under the key and tags that were just written, with the subject unless that is 0. With `canJoin`, it
   * may also be the only one with other tags; of several it is not known which one is meant. A request with these tags whose time to live has
   * ended at `arrival` is released.
   */
  #search(hash: number, arrival: number, canJoin: boolean, subject: number): number {
    const index = this.#index;
    let tries = 0;
    let next: number;
    this.#surplus = NONE;
    for (let slot = index.first(hash); slot !== NONE; slot = next) {
      next = index.before(slot, hash);
      if (!this.#isOpen(slot, arrival)) {
        this.#release(slot);
        continue;
      }
      if (subject === ANY_SUBJECT || this.#subjects[slot] === subject) return slot;
      if (++tries === MAX_OF_NETWORK) {
        this.#surplus = slot;
        return NONE;
      }
    }
    return canJoin ? this.#searchElsewhere(hash, arrival, subject) : NONE;
  }

  /** The only open request under the key, with the subject unless that is 0, whatever its tags. */
  #searchElsewhere(hash: number, arrival: number, subject: number): number {
    const index = this.#index;
    let only: number = NONE;
    let tries = 0;
    for (let slot = index.firstElsewhere(hash); slot !== NONE; slot = index.beforeElsewhere(slot, hash)) {
      if (++tries > MAX_ELSEWHERE) return NONE;
      if (!this.#isOpen(slot, arrival)) continue;
      if (subject !== ANY_SUBJECT && this.#subjects[slot] !== subject) continue;
      if (only !== NONE) return NONE;
      only = slot;
    }
    return only;
  }

  /** Whether `row[0, length)` equals the row in `slot`, except for where and when it was seen. */
  #isSame(slot: number, row: Uint8Array, length: number): boolean {
    const { bytes } = this.#rows;
    const start = this.#starts[slot]!;
    const end = start + this.#lengths[slot]!;
    let at = fieldEnd(bytes, contentStart(bytes, start));
    let other = fieldEnd(row, contentStart(row, 0));
    if (end - at !== length - other) return false;
    while (at < end) if (bytes[at++] !== row[other++]) return false;
    return true;
  }

  /** Records that the request in `slot` was retransmitted with `packet`, and restarts its wait. */
  #keepOn(slot: number, packet: Readonly<Packet>): void {
    this.#retransmissions[slot] = Math.min(MAX_COUNT, this.#retransmissions[slot]! + 1);
    this.#arrivals[slot] = packet.arrival;
    const length = this.#lengths[slot]!;
    if (!this.#rows.fits(length)) this.#rows.makeRoom(length, this.#inOrder(), this.#places());
    this.#starts[slot] = this.#rows.addAgain(this.#starts[slot]!, length);
    this.#rows.remove(length);
    this.#order.touch(slot);
  }

  /** Takes a slot and makes room for a row of `length` bytes; releases the oldest requests if there is none. */
  #take(length: number, now: number): number {
    if (this.#isFull(length)) this.advance(now);
    while (this.#isFull(length)) {
      this.evicted++;
      this.#release(this.#oldest);
    }
    if (!this.#rows.fits(length)) this.#rows.makeRoom(length, this.#inOrder(), this.#places());
    this.#size++;
    return this.#order.take();
  }

  #isFull(length: number): boolean {
    return this.#size === this.#maxEntries || (this.#size > 0 && !this.#rows.hasRoom(length));
  }

  #places(): RowPlaces {
    return { starts: this.#starts, lengths: this.#lengths };
  }

  /** The slots in the order of their rows. */
  *#inOrder(): Iterable<number> {
    const order = this.#order;
    for (let slot = order.oldest(WAITING); slot !== NONE; slot = order.newer(slot)) yield slot;
  }

  /** Emits a request as a row, unless it was answered. */
  #release(slot: number): void {
    if (this.#groups[slot] !== 2) {
      const start = this.#starts[slot]!;
      this.#amend(this.#amendments, slot);
      this.#sink(this.#rows.bytes, start, start + this.#lengths[slot]!, this.#amendments);
    }
    this.#drop(slot);
  }

  #amend(amendments: Amendments, slot: number): void {
    amendments.retransmissions = this.#retransmissions[slot]!;
    amendments.duplicates = this.#duplicates[slot]!;
    amendments.hasGap = this.#owned.hasLoss(slot);
  }

  /** Frees a slot. */
  #drop(slot: number): void {
    this.#index.remove(slot);
    this.#order.free(slot);
    this.#owned.remove(slot);
    this.#rows.remove(this.#lengths[slot]!);
    this.#size--;
  }

  /** The slot that has waited longest, {@link NO_REQUEST} if the table is empty. */
  get #oldest(): number {
    return this.#order.oldest(WAITING);
  }
}
