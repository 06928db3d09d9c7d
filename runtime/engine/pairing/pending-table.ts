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
/** Open requests of one key with different subjects in one network; the oldest makes room. */
const MAX_OF_NETWORK = 64;
/** Requests of one key, in any network, that a search for the only open one looks at; where there are more, none is found. */
const MAX_ELSEWHERE = 64;
/** Every request of a key, whatever its subject. */
const ANY_SUBJECT = 0;
const MAX_COUNT = 65535;
/** The only list of the order. */
const WAITING = 0;

/** What became known of a request while it was open, beyond its row. */
export interface Amendments {
  /** How often it was sent again. */
  retransmissions: number;
  /** How often a packet of its was captured again. */
  duplicates: number;
  /** Bytes were lost in which its response may have been. */
  hasGap: boolean;
}

/** Takes the encoded rows of requests that leave the table without a response. */
export type RowSink = (bytes: Uint8Array, start: number, end: number, amendments: Readonly<Amendments>) => void;

/** Bounds of a {@link PendingTable}. */
export interface PendingLimits {
  readonly maxEntries: number;
  /** Of all their rows. */
  readonly maxBytes: number;
  /** How long a request waits; 0 for as long as its connection lives. */
  readonly ttlMs: number;
  readonly tagRule: TagRule;
}

/**
 * Open requests, each as the row that it becomes if no response comes.
 *
 * A response takes a row back through a hash chain over addresses, ports and key; where VLANs or tunnels of the two differ, it does so if
 * there is no request under its own. Requests of one key may be open at once if they have different subjects, which the plugin numbers:
 * what each asks for. A request to a group (multicast or broadcast) may be answered from any number of addresses.
 *
 * A request waits for a time, from when it was last sent; that of a TCP connection not beyond the connection's end.
 */
export class PendingTable {
  /** Requests that left before their time because the table was full. */
  evicted = 0;
  foundStart = 0;
  foundEnd = 0;
  /** The packet that {@link find} found a request for was seen in other VLANs or tunnels than that. */
  isFoundElsewhere = false;
  /** The request that {@link find} found was to a group, of which another one answered. */
  isFoundAnswered = false;
  /** Subject of the request that was found, 0 for none. */
  foundSubject = 0;
  /** What became known of the request that {@link find} found. */
  readonly foundAmendments: Amendments = { retransmissions: 0, duplicates: 0, hasGap: false };
  readonly #maxEntries: number;
  readonly #ttlNanoseconds: number;
  readonly #sink: RowSink;
  readonly #index: RequestIndex;
  readonly #order: SlotOrder;
  readonly #owned: OwnedRequests;
  readonly #arrivals: Float64Array;
  /** Times of the requests themselves, which are earlier where one was taken back and kept on. */
  readonly #requestHigh: Uint32Array;
  readonly #requestLow: Uint32Array;
  readonly #retransmissions: Uint16Array;
  readonly #duplicates: Uint16Array;
  /** 1 for a request to a group, 2 once it was answered. */
  readonly #groups: Uint8Array;
  readonly #subjects: Int32Array;
  readonly #starts: Uint32Array;
  readonly #lengths: Uint32Array;
  readonly #rows: RequestRows;
  readonly #answered: AnsweredRequests;
  readonly #amendments: Amendments = { retransmissions: 0, duplicates: 0, hasGap: false };
  #size = 0;
  /** The oldest request that the last search came to when it reached a bound. */
  #surplus: number = NONE;
  #foundHash = 0;
  #found = NONE;

  /** `hashKey` is the secret of its hashes. */
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

  /** Bytes of the requests' rows; {@link find} returns the place of one. */
  get data(): Uint8Array {
    return this.#rows.bytes;
  }

  /**
   * Keeps `row[0, length)` as a request under `key` that was made at `requestTime`, of a connection or of none. With `isReversed` the
   * packet's receiver is the client, else its sender. An open request under the same key, of the same subject, from the same place, becomes
   * a row; but where it is the same one, sent again, it is that which is kept on.
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
    // A copy may have been captured in another network than the request was.
    const earlier = this.#search(hash, packet.arrival, packet.isDuplicate, subject);
    if (packet.isDuplicate) {
      // A copy is not a request of its own, even where the first one was answered already.
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
   * Finds a request under `key`, of the subject unless that is 0, and fills its time: that of the packet's receiver with `isReversed`, else of its sender. Its row is
   * then at {@link data} `[foundStart, foundEnd)`, and {@link answer} or {@link remove} take it out, until the next call of another
   * method. False when there is none.
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
      // Of a group each one answers once.
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

  /** True where the packet's sender has answered a request under `key`, of the subject, not long ago, whose time is filled. */
  wasAnswered(packet: Readonly<Packet>, key: number, requestTime: Timestamp, subject: number = ANY_SUBJECT): boolean {
    const hash = this.#index.key.write(packet, key, true, false);
    return this.#answered.has(this.#index.key, hash, subject, packet.arrival - this.#ttlNanoseconds, requestTime);
  }

  /** The packet answers the request that {@link find} has just found under `key`: takes it out, unless others of its group may answer. */
  answer(packet: Readonly<Packet>, key: number): void {
    const slot = this.#found;
    if (!this.#owned.isOwned(slot)) {
      const { key: probe } = this.#index;
      // As find() has left it, but for a group, which it looks up without the server's address.
      const hash = this.#groups[slot] === 0 ? this.#foundHash : probe.write(packet, key, true, false);
      const subject = this.#subjects[slot]!;
      this.#answered.add(probe, hash, subject, packet.arrival, this.#requestHigh[slot]!, this.#requestLow[slot]!);
    }
    if (this.#groups[slot] === 0) this.#drop(slot);
    else this.#groups[slot] = 2;
  }

  /** Takes out the request that {@link find} has just found. */
  remove(): void {
    this.#drop(this.#found);
  }

  /** Lets the requests go whose time has ended. */
  advance(now: number): void {
    for (let slot = this.#oldest; slot !== NONE && !this.#isOpen(slot, now); slot = this.#oldest) this.#release(slot);
  }

  /** Time turned out not to be beyond `now`: requests that came later by a clock that was wrong came then. */
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

  /** The owner ended: lets its requests go. */
  releaseOwned(owner: RequestOwner): void {
    while (owner.newestRequest !== NONE) this.#release(owner.newestRequest);
  }

  /** Lets every request go. */
  finish(): void {
    while (this.#size > 0) this.#release(this.#oldest);
  }

  /** Requests in the fullest bucket. */
  get longestChain(): number {
    return this.#index.longestChain;
  }

  #isOpen(slot: number, arrival: number): boolean {
    return this.#ttlNanoseconds === 0 || arrival - this.#arrivals[slot]! <= this.#ttlNanoseconds;
  }

  /**
   * The slot of an open request under the key, with the tags, that was just written, and of the subject unless that is 0: the newest one.
   * With `canJoin` else the only one with other tags: of several it is not known which one is meant. A request under these tags whose time has
   * ended when a packet that arrives at `arrival` looks is released.
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

  /** The only open request under the key, of the subject unless that is 0, whatever its tags. */
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

  /** True where `row[0, length)` says the same as the row in `slot`, but for where and when it was seen. */
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

  /** The request in `slot` was sent again with `packet`: it waits for its response anew. */
  #keepOn(slot: number, packet: Readonly<Packet>): void {
    this.#retransmissions[slot] = Math.min(MAX_COUNT, this.#retransmissions[slot]! + 1);
    this.#arrivals[slot] = packet.arrival;
    const length = this.#lengths[slot]!;
    if (!this.#rows.fits(length)) this.#rows.makeRoom(length, this.#inOrder(), this.#places());
    this.#starts[slot] = this.#rows.addAgain(this.#starts[slot]!, length);
    this.#rows.remove(length);
    this.#order.touch(slot);
  }

  /** Takes a slot, and sees to it that there is room for a row of `length` bytes; lets the oldest requests go where there is none. */
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

  /** Makes a request a row as it stands, unless it was answered. */
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

  /** Makes a slot free. */
  #drop(slot: number): void {
    this.#index.remove(slot);
    this.#order.free(slot);
    this.#owned.remove(slot);
    this.#rows.remove(this.#lengths[slot]!);
    this.#size--;
  }

  /** The slot that has waited longest, {@link NO_REQUEST} when there is none. */
  get #oldest(): number {
    return this.#order.oldest(WAITING);
  }
}
