import type { Packet } from "../packet/packet.js";
import { BatchWriter } from "../wire/batch-writer.js";
import { contentStart, fieldEnd } from "../wire/length-delimited.js";
import { Timestamp } from "../wire/timestamp.js";
import { adjustments } from "../wire/value-range.js";
import type { CaptureContext } from "./capture-context.js";
import type { EventRecord } from "./event-record.js";
import type { ObserverOutput } from "./hooks.js";
import { describeMisplacedMember } from "./misplaced-member.js";
import { observePacket } from "./observe-packet.js";
import { OptionValues } from "./option-values.js";
import type { Output } from "./output.js";
import { PendingTable } from "./pending-table.js";
import type { Plugin } from "./plugin.js";
import { replaceNonNumbers } from "./replace-non-numbers.js";
import { restoreRecord } from "./restore-record.js";

/** What carries the bytes that a decoder sees; in a stream, also which side sent the packet. */
const Carrier = { Datagram: 0, FromClient: 1, FromServer: 2 } as const;

/** Turns one plugin's records into encoded rows, and holds its open requests. */
export class EventOutput<Record extends EventRecord = EventRecord> implements Output<Record>, ObserverOutput<Record> {
  readonly requestTime = new Timestamp();
  /** Rows that wait to be taken. */
  readonly writer = new BatchWriter();
  /** Rows whose values were cut at a bound. */
  limitedRows = 0;
  /** Rows with a value that its field cannot hold. */
  outOfRangeRows = 0;
  /** Packets and connections that came after the plugin was switched off. */
  skippedPackets = 0;
  readonly #plugin: Plugin<Record>;
  readonly #context: CaptureContext;
  readonly #held = new BatchWriter(1024);
  readonly #pending: PendingTable | undefined;
  readonly #index: number;
  readonly #options: OptionValues;
  #record: Record;
  /** The record was asked for since {@link settleObserver}. */
  #isTouched = false;
  /** An observer asked for the record before its first packet, and may have kept it. */
  #isKept = false;
  #captureState: object | undefined;
  #isResumed = false;
  /** The packet that resumed it is of the side that did not ask. */
  #isResumedFromServer = false;
  #carrier: (typeof Carrier)[keyof typeof Carrier] = Carrier.Datagram;
  /** Bytes of the stream were lost. */
  #hasGap = false;
  /** Where the resumed request's encoded observation stands in the pending table's bytes. */
  #observationStart = 0;
  #observationEnd = 0;

  /** `index` is the plugin's place in the registry. */
  constructor(plugin: Plugin<Record>, index: number, context: CaptureContext) {
    this.#plugin = plugin;
    this.#index = index;
    this.#context = context;
    this.#record = plugin.codec.createRecord();
    this.#options = new OptionValues(plugin, context.settings);
    const { pendingMaxEntries, pendingTtlMs } = plugin.limits;
    if (pendingMaxEntries > 0) {
      this.#pending = new PendingTable(
        pendingMaxEntries,
        context.maxPendingBytes,
        pendingTtlMs,
        (bytes, start, end) => {
          this.writer.append(bytes, start, end, 1);
          context.order?.push(index);
        },
      );
    }
  }

  get record(): Record {
    this.#isTouched = true;
    return this.#record;
  }

  /** Requests that left the pending table early because it was full. */
  get evictedRequests(): number {
    return this.#pending?.evicted ?? 0;
  }

  /** The decoder of a stream is called; a side of the connection sent the packet at hand. */
  enterStream(isFromServer: boolean, hasGap: boolean): void {
    this.#carrier = isFromServer ? Carrier.FromServer : Carrier.FromClient;
    this.#hasGap = hasGap;
  }

  /** The decoder of a stream has returned; what it left in the record is forgotten. Throws where it made that impossible. */
  leaveStream(): void {
    this.#carrier = Carrier.Datagram;
    this.#hasGap = false;
    this.#isResumed = false;
    this.#record.reset();
  }

  /**
   * A decoder of datagrams or frames has accepted its packet; what it left in the record is forgotten, and a request that it resumed stays
   * open. Throws where it made that impossible.
   */
  settle(): void {
    this.#isResumed = false;
    this.#record.reset();
  }

  /** The observer's factory has returned; a record that it took then is reset after every call. */
  settleObserverFactory(): void {
    this.#isKept = this.#isTouched;
    this.settleObserver();
  }

  /**
   * An observer has seen its packet; what it left in the record is forgotten. Costs nothing where the observer did not ask for the record,
   * as for most packets. Throws where it made that impossible.
   */
  settleObserver(): void {
    if (!this.#isTouched) return;
    this.#isTouched = this.#isKept;
    this.#record.reset();
  }

  emit(): void {
    if (this.#isResumed) {
      this.#emitResumed(this.#pending!);
      return;
    }
    this.#observeEvent();
    this.emitObserved();
  }

  /** Makes the resumed record a row under its request's observation, which goes over encoded when nothing in it changes. */
  #emitResumed(pending: PendingTable): void {
    this.#isResumed = false;
    const { writer } = this;
    this.#encodeResumed(pending, writer);
    pending.remove();
    this.#context.order?.push(this.#index);
  }

  #encodeResumed({ data }: PendingTable, writer: BatchWriter): void {
    const record = this.#record;
    const { isTruncated } = this.#context.packet;
    if (isTruncated || this.#hasGap || record.hasOverflowed()) {
      this.#plugin.codec.decode(data, this.#observationStart, this.#observationEnd, record);
      if (isTruncated) record.observation.truncated = true;
      if (this.#hasGap) record.observation.gap = true;
      this.#encode(writer);
    } else {
      const { position } = writer;
      const adjusted = adjustments.count;
      try {
        this.#plugin.codec.encodeObserved(record, data, this.#observationStart, this.#observationEnd, writer);
      } catch (error) {
        this.#makeEncodable(error);
        this.#plugin.codec.encodeObserved(record, data, this.#observationStart, this.#observationEnd, writer);
      }
      if (adjustments.count !== adjusted) {
        record.observation.reset();
        this.#plugin.codec.decode(data, this.#observationStart, this.#observationEnd, record);
        this.#encodeFlagged(writer, position);
      }
      record.reset();
    }
  }

  emitReversed(): void {
    const { packet } = this.#context;
    this.#isResumed = false;
    if (this.#carrier !== Carrier.Datagram) {
      this.emit();
      return;
    }
    observePacket(this.#record.observation, packet, this.#context, true);
    this.emitObserved();
  }

  emitObserved(): void {
    // Every row has an id: one that the observer gave no observation is seen in the packet at hand.
    if (this.#record.observation.id.length !== 16) this.observe(this.#context.packet);
    this.#encode(this.writer);
    this.#context.order?.push(this.#index);
  }

  get maxConversations(): number {
    return this.#context.maxConversations;
  }

  observe(packet: Readonly<Packet>): void {
    this.#isTouched = true;
    observePacket(this.#record.observation, packet, this.#context, false);
  }

  /** Fills the observation from the packet at hand; that of a stream's row has the client as its source. */
  #observeEvent(): void {
    const { observation } = this.#record;
    observePacket(observation, this.#context.packet, this.#context, this.#carrier === Carrier.FromServer);
    observation.gap = this.#hasGap;
  }

  hold(key: number): void {
    if (this.#pending === undefined) {
      throw new Error(`${this.#plugin.table.resource}: hold() needs a pending annotation on the event`);
    }
    const { packet } = this.#context;
    const held = this.#held;
    held.reset();
    // In a datagram's conversation the one who asks is the client.
    const isFromServer = this.#isResumed ? this.#isResumedFromServer : this.#carrier === Carrier.FromServer;
    if (this.#isResumed) {
      this.#isResumed = false;
      this.#encodeResumed(this.#pending, held);
      this.#pending.remove();
    } else {
      this.#observeEvent();
      this.requestTime.copy(packet.time);
      this.#encode(held);
    }
    this.#pending.hold(packet, key, isFromServer, held.bytes, held.position, this.requestTime);
  }

  resume(key: number): boolean {
    return this.#resume(key, this.#carrier !== Carrier.FromClient);
  }

  resumeOwn(key: number): boolean {
    return this.#resume(key, this.#carrier === Carrier.FromServer);
  }

  #resume(key: number, isFromServer: boolean): boolean {
    const pending = this.#pending;
    if (pending === undefined || !pending.find(this.#context.packet, key, isFromServer, this.requestTime)) return false;
    this.#record.reset();
    // The row is stored as it would go into a batch, after a tag and its length; its first field is the observation, which stays
    // encoded: no decoder reads it, and `emit` needs it as it is.
    const { data } = pending;
    const start = contentStart(data, pending.foundStart);
    this.#observationStart = start;
    this.#observationEnd = fieldEnd(data, start);
    this.#plugin.codec.decode(data, this.#observationEnd, pending.foundEnd, this.#record);
    this.#isResumed = true;
    this.#isResumedFromServer = isFromServer;
    return true;
  }

  putBack(): void {
    this.#isResumed = false;
    this.#record.reset();
  }

  state<State extends object>(create: () => State): State {
    return this.#context.conversations.state(this.#context.packet, this.#index, create);
  }

  captureState<State extends object>(create: () => State): State {
    // A plugin has one kind of state, the one that its own `create` makes.
    return (this.#captureState ??= create()) as State;
  }

  option(name: string): string {
    return this.#options.get(name);
  }

  applicationName(application: number): string {
    return application === 0 ? "" : this.#context.applicationNames[application - 1]!;
  }

  /** Forgets what a decoder that gave up left in the record; a request that it resumed stays open. */
  discard(): void {
    this.#carrier = Carrier.Datagram;
    this.#hasGap = false;
    this.#isResumed = false;
    try {
      this.#record.reset();
    } catch {
      // A decoder in plain JavaScript has put something else in the place of a member.
      if (!restoreRecord(this.#record, this.#createRecord())) this.#record = this.#createRecord();
    }
  }

  /** Lets requests go whose time to live has ended. */
  advance(now: Timestamp): void {
    this.#pending?.advance(now);
  }

  /** Lets every request go. */
  finish(): void {
    this.#pending?.finish();
  }

  #createRecord(): Record {
    return this.#plugin.codec.createRecord();
  }

  /** Lets the record be encoded after it could not be; throws the error where no value was the reason. */
  #makeEncodable(error: unknown): void {
    const pristine = this.#createRecord();
    if (replaceNonNumbers(this.#record, pristine)) return;
    const misplaced = describeMisplacedMember(this.#record, pristine);
    throw misplaced === undefined ? error : new TypeError(misplaced, { cause: error });
  }

  #encode(writer: BatchWriter): void {
    const record = this.#record;
    if (record.hasOverflowed() || record.observation.hasOverflowed()) {
      record.observation.limitReached = true;
      this.limitedRows++;
    }
    const { position } = writer;
    const adjusted = adjustments.count;
    try {
      this.#plugin.codec.encode(record, writer);
    } catch (error) {
      this.#makeEncodable(error);
      this.#plugin.codec.encode(record, writer);
    }
    if (adjustments.count !== adjusted) this.#encodeFlagged(writer, position);
    record.reset();
  }

  /** Encodes the row at `position` again, flagged because the encoder made a value fit its field. */
  #encodeFlagged(writer: BatchWriter, position: number): void {
    const record = this.#record;
    if (!record.observation.outOfRange) this.outOfRangeRows++;
    record.observation.outOfRange = true;
    writer.rewind(position);
    this.#plugin.codec.encode(record, writer);
  }
}
