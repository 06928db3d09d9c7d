import type { Packet } from "../../packet/packet.js";
import type { EventRecord } from "../../plugin/event-record.js";
import type { ObserverOutput } from "../../plugin/hooks.js";
import type { Output } from "../../plugin/output.js";
import type { Plugin } from "../../plugin/plugin.js";
import { BatchWriter } from "../../protobuf/batch-writer.js";
import { contentStart, fieldEnd } from "../../protobuf/length-delimited.js";
import { Timestamp } from "../../record/timestamp.js";
import type { CaptureContext } from "../capture-context.js";
import { OptionValues } from "../option-values.js";
import { type Amendments, type PendingLimits, PendingTable } from "../pairing/pending-table.js";
import type { RequestOwner } from "../pairing/request-owner.js";
import { Redactor } from "../redaction/redactor.js";
import { amendObservation } from "./amend-observation.js";
import { observePacket, observeProxiedClient, observeReverseTags, observeTags } from "./observe-packet.js";
import { RowEncoder } from "./row-encoder.js";

/** Losses of a stream's directions that rows show. */
export const LossShown = {
  None: 0,
  /** Losses of the direction that was decoded. */
  Own: 1,
  /** Losses of either direction. */
  Any: 2,
} as const;

export type LossShown = (typeof LossShown)[keyof typeof LossShown];

/** {@link EventOutput} resumed a request of the packet's own side, or of a connection. */
const NO_KEY = -1;

/** Origin of the bytes that a decoder receives; in a stream, also which side sent the packet. */
const Carrier = { Datagram: 0, FromClient: 1, FromServer: 2 } as const;

/** Turns one plugin's records into encoded rows, and holds its open requests. */
export class EventOutput<Record extends EventRecord = EventRecord> implements Output<Record>, ObserverOutput<Record> {
  readonly requestTime = new Timestamp();
  isRepeated = false;
  /** Pending rows. */
  readonly writer = new BatchWriter();
  /** Packets and connections that arrived after the plugin was switched off. */
  skippedPackets = 0;
  readonly #plugin: Plugin<Record>;
  readonly #context: CaptureContext;
  readonly #held = new BatchWriter(1024);
  /** Undefined if the plugin does not hold requests. */
  readonly #pendingLimits: PendingLimits | undefined;
  /** Created for the first request: most captures have no requests of most protocols. */
  #pending: PendingTable | undefined;
  readonly #index: number;
  readonly #options: OptionValues;
  readonly #rows: RowEncoder<Record>;
  /** The record was read since {@link settleObserver}. */
  #isTouched = false;
  /** An observer read the record before its first packet, and may have kept it. */
  #isKept = false;
  #captureState: object | undefined;
  #isResumed = false;
  /** Key of the resumed request, {@link NO_KEY} if no other packet may answer it. */
  #resumedKey = NO_KEY;
  /** The packet that resumed it is from the side that did not send it. */
  #isResumedFromServer = false;
  #carrier: (typeof Carrier)[keyof typeof Carrier] = Carrier.Datagram;
  /** The connection whose decoder is called. */
  #owner: RequestOwner | undefined;
  #isServerDirection = false;
  /** Whether bytes of the decoded direction, or of either direction, were lost, and whether rows were made since the call that reported it. */
  #hasGap = false;
  #hasAnyGap = false;
  #shown: LossShown = LossShown.None;
  /** Position of the resumed request's encoded observation in the pending table's bytes. */
  #observationStart = 0;
  #observationEnd = 0;

  /** `index` is the plugin's place in the registry. */
  constructor(plugin: Plugin<Record>, index: number, context: CaptureContext) {
    this.#plugin = plugin;
    this.#index = index;
    this.#context = context;
    this.#rows = new RowEncoder(plugin, Redactor.of(plugin.table, context.redaction));
    this.#options = new OptionValues(plugin, context.settings);
    const { pendingMaxEntries } = plugin.limits;
    if (pendingMaxEntries > 0) {
      const { maxPendingBytes, tagRule } = context;
      const ttlMs = Number(this.#options.get("answer_timeout")) * 1000;
      this.#pendingLimits = { maxEntries: pendingMaxEntries, maxBytes: maxPendingBytes, ttlMs, tagRule };
    }
  }

  get record(): Record {
    this.#isTouched = true;
    return this.#rows.record;
  }

  /** Number of rows with a truncated value. */
  get limitedRows(): number {
    return this.#rows.limitedRows;
  }

  /** Number of rows with a value out of its field's range. */
  get outOfRangeRows(): number {
    return this.#rows.outOfRangeRows;
  }

  /** Number of requests that left the pending table early because it was full. */
  get evictedRequests(): number {
    return this.#pending?.evicted ?? 0;
  }

  /**
   * The decoder of a stream is called for one direction, from the server or from the client. `hasGap`: bytes of this direction were lost;
   * `hasAnyGap`: bytes of either direction were lost. The current packet was sent by a side of the connection.
   */
  enterStream(
    owner: RequestOwner,
    isFromServer: boolean,
    isServerDirection: boolean,
    hasGap: boolean,
    hasAnyGap: boolean,
  ): void {
    this.#owner = owner;
    this.#isServerDirection = isServerDirection;
    this.#carrier = isFromServer ? Carrier.FromServer : Carrier.FromClient;
    this.#hasGap = hasGap;
    this.#hasAnyGap = hasAnyGap;
    this.#shown = LossShown.None;
  }

  /**
   * The decoder of a stream has returned: discards what it left in the record, and returns which losses its rows show. Throws
   * if the decoder damaged the record.
   */
  leaveStream(): LossShown {
    this.#leaveCarrier();
    this.#rows.record.reset();
    return this.#shown;
  }

  /** Releases the connection's requests that have timed out at `arrival`, so that a loss found then does not mark them. */
  releaseTimedOut(owner: RequestOwner, arrival: number): void {
    this.#pending?.releaseLate(owner, arrival);
  }

  /** Releases the requests of a connection that ended, or whose decoder ended: they are not answered any more. */
  endConnection(owner: RequestOwner): void {
    this.#pending?.releaseOwned(owner);
  }

  /**
   * A decoder of datagrams or frames has accepted its packet: discards what it left in the record; a request that it resumed stays
   * open. Throws if the decoder damaged the record.
   */
  settle(): void {
    this.#isResumed = false;
    this.#rows.record.reset();
  }

  /** The observer's factory has returned; if it read the record, the record is reset after every call. */
  settleObserverFactory(): void {
    this.#isKept = this.#isTouched;
    this.settleObserver();
  }

  /**
   * An observer has returned: discards what it left in the record. Does nothing if the observer did not read the record, which is the case
   * for most packets. Throws if the observer damaged the record.
   */
  settleObserver(): void {
    if (!this.#isTouched) return;
    this.#isTouched = this.#isKept;
    this.#rows.record.reset();
  }

  emit(): void {
    if (this.#context.packet.isDuplicate) this.#forgetCopy();
    else if (this.#isResumed) this.#emitResumed(this.#pending!);
    else {
      this.#observeEvent();
      this.emitObserved();
    }
  }

  /** Emits the resumed record as a row under its request's observation, which is copied in encoded form if nothing in it changes. */
  #emitResumed(pending: PendingTable): void {
    this.#isResumed = false;
    this.#encodeResumed(pending, this.writer, true);
    if (this.#resumedKey === NO_KEY) pending.remove();
    else pending.answer(this.#context.packet, this.#resumedKey);
    this.#context.order?.push(this.#index);
  }

  /** `isRow`: the row leaves the engine and is not held again. */
  #encodeResumed(pending: PendingTable, writer: BatchWriter, isRow: boolean): void {
    const { data, foundAmendments, isFoundElsewhere, isFoundAnswered } = pending;
    const record = this.#rows.record;
    const { packet, identity } = this.#context;
    const owner = this.#owner;
    if (owner !== undefined && owner.copies > 0) {
      foundAmendments.duplicates += owner.copies;
      owner.copies = 0;
    }
    const isAmended =
      isFoundAnswered || foundAmendments.retransmissions + foundAmendments.duplicates > 0 || foundAmendments.hasGap;
    const tags = owner === undefined ? undefined : this.#context.conversations.tags(packet);
    if (this.#hasGap) this.#shown = LossShown.Own;
    if (packet.isTruncated || this.#hasGap || isAmended || isFoundElsewhere || tags || record.hasOverflowed()) {
      this.#plugin.codec.decode(data, this.#observationStart, this.#observationEnd, record);
      const { observation } = record;
      if (packet.isTruncated) observation.truncated = true;
      if (this.#hasGap) observation.gap = true;
      amendObservation(observation, foundAmendments);
      if (isFoundAnswered) identity.write(observation.time, observation.id);
      if (tags !== undefined) observeReverseTags(observation, tags[this.#isServerLower(packet) ? "lower" : "higher"]);
      else if (isFoundElsewhere) observeReverseTags(observation, packet);
      if (isRow) this.#rows.emit(writer);
      else this.#rows.hold(writer);
    } else if (isRow) this.#rows.emitObserved(data, this.#observationStart, this.#observationEnd, writer);
    else this.#rows.holdObserved(data, this.#observationStart, this.#observationEnd, writer);
  }

  /** In a stream: the server, the sender of the reverse direction, is the conversation's lower endpoint. */
  #isServerLower({ isFromLower }: Readonly<Packet>): boolean {
    return isFromLower === (this.#carrier === Carrier.FromServer);
  }

  emitReversed(): void {
    const { packet, conversations } = this.#context;
    this.#isResumed = false;
    if (this.#carrier !== Carrier.Datagram) {
      this.emit();
      return;
    }
    if (packet.isDuplicate) {
      this.#forgetCopy();
      return;
    }
    // The side that answers is the server.
    conversations.learnClient(packet, !packet.isFromLower);
    this.#observe(packet, true);
    this.emitObserved();
  }

  emitObserved(): void {
    // Every row has an id: a row without an observation from the observer is seen in the current packet.
    if (this.#rows.record.observation.id.length !== 16) this.observe(this.#context.packet);
    this.#rows.emit(this.writer);
    this.#context.order?.push(this.#index);
  }

  get maxConversations(): number {
    return this.#context.maxConversations;
  }

  observe(packet: Readonly<Packet>): void {
    this.#isTouched = true;
    this.#observe(packet, false);
  }

  observeReversed(packet: Readonly<Packet>): void {
    this.#isTouched = true;
    this.#observe(packet, true);
  }

  /** Fills the observation from the current packet; a row of a stream has the client as its source. */
  #observeEvent(): void {
    const isFromServer = this.#carrier === Carrier.FromServer;
    this.#observe(this.#context.packet, isFromServer);
    const owner = this.#owner;
    if (owner === undefined) return;
    this.#rows.record.observation.duplicates = owner.copies;
    owner.copies = 0;
    // The request of a response without one may have been in lost bytes of the other direction.
    const hasGap = this.#isServerDirection ? this.#hasAnyGap : this.#hasGap;
    this.#rows.record.observation.gap = hasGap;
    if (hasGap) this.#shown = this.#isServerDirection ? LossShown.Any : LossShown.Own;
  }

  #observe(packet: Readonly<Packet>, isReversed: boolean): void {
    const { observation } = this.#rows.record;
    observePacket(observation, packet, this.#context, isReversed);
    const { conversations } = this.#context;
    const proxiedClient = conversations.proxiedClient(packet);
    if (proxiedClient !== undefined) observeProxiedClient(observation, proxiedClient);
    const tags = conversations.tags(packet);
    if (tags === undefined) return;
    const isFromLower = packet.isFromLower !== isReversed;
    observeTags(observation, isFromLower ? tags.lower : tags.higher);
    observeReverseTags(observation, isFromLower ? tags.higher : tags.lower);
  }

  /** A packet that was captured before does not make a row. */
  #forgetCopy(): void {
    this.#isResumed = false;
    this.#rows.record.reset();
  }

  isFromClient(packet: Readonly<Packet>, slot: number): boolean {
    return this.#context.conversations.isFromClient(packet, slot);
  }

  hold(key: number, subject?: number): void {
    let kept = subject === undefined ? undefined : subject | 0;
    this.#pending ??= this.#createPending();
    const { packet } = this.#context;
    const held = this.#held;
    held.reset();
    if (packet.isDuplicate && this.#isResumed) {
      this.#forgetCopy();
      return;
    }
    // In a conversation of datagrams, the side that asks is the client.
    const isFromServer = this.#isResumed ? this.#isResumedFromServer : this.#carrier === Carrier.FromServer;
    if (this.#isResumed) {
      this.#isResumed = false;
      kept ??= this.#pending.foundSubject;
      this.#encodeResumed(this.#pending, held, false);
      this.#pending.remove();
    } else {
      this.#observeEvent();
      this.requestTime.copy(packet.time);
      this.#rows.hold(held);
    }
    this.#pending.hold(packet, key, isFromServer, held.bytes, held.position, this.requestTime, this.#owner, kept);
  }

  #createPending(): PendingTable {
    if (this.#pendingLimits === undefined) {
      throw new Error(`${this.#plugin.table.resource}: hold() requires a pending annotation on the event`);
    }
    return new PendingTable(this.#pendingLimits, (bytes, start, end, amendments) =>
      this.#release(bytes, start, end, amendments),
    );
  }

  resume(key: number, subject?: number): boolean {
    return this.#resume(key, this.#carrier !== Carrier.FromClient, subject === undefined ? undefined : subject | 0);
  }

  resumeOwn(key: number): boolean {
    return this.#resume(key, this.#carrier === Carrier.FromServer);
  }

  #resume(key: number, isFromServer: boolean, subject?: number): boolean {
    const pending = this.#pending;
    this.isRepeated = false;
    if (pending === undefined) return false;
    const { packet } = this.#context;
    if (!pending.find(packet, key, isFromServer, this.requestTime, subject)) {
      if (isFromServer && this.#owner === undefined)
        this.isRepeated = pending.wasAnswered(packet, key, this.requestTime, subject);
      return false;
    }
    this.#resumedKey = isFromServer && this.#owner === undefined ? key : NO_KEY;
    if (this.#resumedKey !== NO_KEY) this.#context.conversations.learnClient(packet, !packet.isFromLower);
    this.#rows.record.reset();
    // The row is stored in the form that it has in a batch, after a tag and its length. Its first field is the observation, which stays
    // encoded: decoders do not read it, and `emit` needs it in this form.
    const { data } = pending;
    const start = contentStart(data, pending.foundStart);
    this.#observationStart = start;
    this.#observationEnd = fieldEnd(data, start);
    this.#plugin.codec.decode(data, this.#observationEnd, pending.foundEnd, this.#rows.record);
    this.#isResumed = true;
    this.#isResumedFromServer = isFromServer;
    return true;
  }

  putBack(): void {
    this.#isResumed = false;
    this.#rows.record.reset();
  }

  state<State extends object>(create: () => State): State {
    return this.#context.conversations.state(this.#context.packet, this.#index, create);
  }

  captureState<State extends object>(create: () => State): State {
    // A plugin has one kind of state: the one that its own `create` makes.
    return (this.#captureState ??= create()) as State;
  }

  option(name: string): string {
    return this.#options.get(name);
  }

  applicationName(application: number): string {
    return application === 0 ? "" : this.#context.applicationNames[application - 1]!;
  }

  /** Discards what a decoder that failed left in the record; a request that it resumed stays open. */
  discard(): void {
    this.#leaveCarrier();
    this.#rows.restore();
  }

  /** Releases requests whose time to live has ended, at `now` of the capture's clock. */
  advance(now: number): void {
    this.#pending?.advance(now);
  }

  /** Limits arrivals to `now` after a clock jump turned out to be wrong. */
  rewind(now: number): void {
    this.#pending?.rewind(now);
  }

  /** Releases every request. */
  finish(): void {
    this.#pending?.finish();
  }

  #leaveCarrier(): void {
    this.#owner = undefined;
    this.#carrier = Carrier.Datagram;
    this.#hasGap = false;
    this.#hasAnyGap = false;
    this.#isResumed = false;
  }

  /** Emits the row of an unanswered request, with the facts that became known while it was open. */
  #release(bytes: Uint8Array, start: number, end: number, amendments: Readonly<Amendments>): void {
    if (this.#rows.isRedacting || amendments.hasGap || amendments.retransmissions + amendments.duplicates > 0) {
      const record = this.#rows.record;
      this.#plugin.codec.decode(bytes, contentStart(bytes, start), end, record);
      amendObservation(record.observation, amendments);
      this.#rows.emit(this.writer);
    } else this.writer.append(bytes, start, end, 1);
    this.#context.order?.push(this.#index);
  }
}
