import { EndReason } from "../../generated/flow/flow_enums.js";
import type { FlowRecord } from "../../generated/flow/record.js";
import {
  allocateAlignedNumbers,
  type ConversationEnd,
  ConversationEndpoints,
  IpProtocol,
  NO_CONVERSATION,
  nanosecondsBetween,
  type ObserverOutput,
  Packet,
  type PacketObserver,
} from "../../runtime/plugin/index.js";
import { datagramState, tcpState } from "./connection-state.js";
import { Histories } from "./history.js";

const TCP = IpProtocol.Tcp;

/**
 * Memory of one flow, as 64-bit numbers, as 32-bit words and as bytes:
 *
 * ```
 * │ counts │ arrivals │ last time │ copies │ known, application, TCP flags │ history │
 * 0        32         48          56       60                              64        128 bytes
 * ```
 *
 * The counts are packets and bytes from the lower endpoint, packets and bytes from the higher. Arrivals are those of the first packet and of
 * the last, by the capture's clock. The history is that of {@link Histories}.
 */
const NUMBERS = 16;
const WORDS = NUMBERS * 2;
const BYTES = NUMBERS * 8;
const HISTORY = 8;
const Arrival = { First: 4, Last: 5 } as const;
const Word = { LastHigh: 12, LastLow: 13, Duplicates: 14 } as const;
/** Flags of the lower endpoint, then those of the higher. */
const Byte = { Known: 60, Application: 61, TcpFlags: 62 } as const;

/** What only rows need, in memory of its own: time of the first packet in two words, and the number of its frame in one of 64 bits. */
const FIRST_NUMBERS = 2;
const FIRST_WORDS = FIRST_NUMBERS * 2;
const FRAME = 1;

/** What is known of a slot's flow, as bits. */
const Known = {
  Open: 1,
  /** The first packet came from the higher endpoint. */
  FirstIsHigher: 2,
  /** The higher endpoint is the source; no row had one before unless the next bit says so. */
  SourceIsHigher: 4,
  HasSource: 8,
  /** Sides that sent packets, before this interval or in it. */
  HasLower: 16,
  HasHigher: 32,
  /** One of them sent data over TCP. */
  HasData: 64,
  Truncated: 128,
} as const;
/** What lasts from one interval of a flow to the next. */
const LASTING = 255 & ~Known.Truncated;

/** Counts packets and bytes of each conversation and makes a row of it when it ends or has lasted for the active timeout. */
export class FlowMeter implements PacketObserver {
  readonly #out: ObserverOutput<FlowRecord>;
  readonly #activeTimeoutNanoseconds: number;
  readonly #endpoints: ConversationEndpoints;
  readonly #histories: Histories;
  /** The same memory thrice: what belongs to a slot stands together, because each packet reads and writes it together. */
  readonly #numbers: Float64Array;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;
  /** Of first packets, the same memory twice. */
  readonly #firstNumbers: Float64Array;
  readonly #firstWords: Uint32Array;
  readonly #first = new Packet();
  /** Slot of the packet last observed. */
  #latest = NO_CONVERSATION;
  /** What was read ahead is stored here, so that the compiler does not remove the reads. */
  readonly #lastRead = new Int32Array(1);

  constructor(out: ObserverOutput<FlowRecord>, activeTimeoutNanoseconds: number) {
    const { maxConversations } = out;
    this.#out = out;
    this.#activeTimeoutNanoseconds = activeTimeoutNanoseconds;
    this.#endpoints = new ConversationEndpoints(maxConversations);
    this.#numbers = allocateAlignedNumbers(maxConversations * NUMBERS);
    const { buffer, byteOffset } = this.#numbers;
    this.#words = new Uint32Array(buffer, byteOffset, this.#numbers.length * 2);
    this.#bytes = new Uint8Array(buffer, byteOffset, this.#numbers.byteLength);
    this.#histories = new Histories(maxConversations, this.#numbers, NUMBERS, HISTORY);
    this.#firstNumbers = new Float64Array(maxConversations * FIRST_NUMBERS);
    this.#firstWords = new Uint32Array(this.#firstNumbers.buffer);
  }

  readAhead(slots: Int32Array, count: number): void {
    const words = this.#words;
    let read = 0;
    for (let i = 0; i < count; i++) {
      const at = slots[i]! * WORDS;
      read ^= words[at]! ^ words[at + HISTORY * 2]!;
    }
    this.#lastRead[0] = read;
  }

  observe(packet: Readonly<Packet>): void {
    const slot = packet.conversation;
    this.#latest = slot;
    if (slot === NO_CONVERSATION) return;
    const { arrival } = packet;
    const numbers = this.#numbers;
    const bytes = this.#bytes;
    const number = slot * NUMBERS;
    const byte = slot * BYTES;
    const isOpen = (bytes[byte + Byte.Known]! & Known.Open) !== 0;
    if (packet.isDuplicate) {
      if (isOpen) this.#words[slot * WORDS + Word.Duplicates]!++;
      return;
    }
    if (!isOpen) this.#open(slot, packet);
    else if (arrival - numbers[number + Arrival.First]! >= this.#activeTimeoutNanoseconds) {
      this.#emit(slot, EndReason.ACTIVE_TIMEOUT, false);
      this.#startInterval(slot, packet);
    }
    if (arrival >= numbers[number + Arrival.Last]!) {
      numbers[number + Arrival.Last] = arrival;
      this.#words[slot * WORDS + Word.LastHigh] = packet.time.high;
      this.#words[slot * WORDS + Word.LastLow] = packet.time.low;
    }
    const side = packet.isFromLower ? 0 : 1;
    numbers[number + side * 2]!++;
    numbers[number + side * 2 + 1]! += packet.originalLengthBytes;
    let learnt = Known.HasLower << side;
    if (packet.application !== 0) bytes[byte + Byte.Application] = packet.application;
    if (packet.isTruncated) learnt |= Known.Truncated;
    if (packet.ipProtocol === TCP) {
      bytes[byte + Byte.TcpFlags + side]! |= packet.tcpFlags;
      if (packet.payloadLengthBytes > 0) learnt |= Known.HasData;
      this.#histories.note(slot, side, packet);
    }
    bytes[byte + Byte.Known]! |= learnt;
  }

  rewind(now: number): void {
    if (this.#latest === NO_CONVERSATION) return;
    const at = this.#latest * NUMBERS;
    this.#numbers[at + Arrival.First] = Math.min(this.#numbers[at + Arrival.First]!, now);
    this.#numbers[at + Arrival.Last] = Math.min(this.#numbers[at + Arrival.Last]!, now);
  }

  endConversation(slot: number, end: ConversationEnd): void {
    if ((this.#knownOf(slot) & Known.Open) === 0) return;
    // The reasons of both have IPFIX's numbers.
    this.#emit(slot, end, true);
    this.#histories.forget(slot);
    this.#bytes[slot * BYTES + Byte.Known] = 0;
    this.#endpoints.close(slot);
  }

  #knownOf(slot: number): number {
    return this.#bytes[slot * BYTES + Byte.Known]!;
  }

  #open(slot: number, packet: Readonly<Packet>): void {
    this.#bytes[slot * BYTES + Byte.Known] = Known.Open | (packet.isFromLower ? 0 : Known.FirstIsHigher);
    this.#bytes[slot * BYTES + Byte.Application] = 0;
    this.#endpoints.open(slot, packet);
    if (packet.ipProtocol === TCP) this.#histories.reset(slot);
    this.#startInterval(slot, packet);
  }

  #startInterval(slot: number, packet: Readonly<Packet>): void {
    const { high, low } = packet.time;
    const words = this.#words;
    const at = slot * WORDS;
    this.#firstWords[slot * FIRST_WORDS] = high;
    this.#firstWords[slot * FIRST_WORDS + 1] = low;
    this.#firstNumbers[slot * FIRST_NUMBERS + FRAME] = packet.frameNumber;
    words[at + Word.LastHigh] = high;
    words[at + Word.LastLow] = low;
    words[at + Word.Duplicates] = 0;
    const numbers = this.#numbers;
    const number = slot * NUMBERS;
    for (let i = 0; i < Arrival.First; i++) numbers[number + i] = 0;
    numbers[number + Arrival.First] = packet.arrival;
    numbers[number + Arrival.Last] = packet.arrival;
    const byte = slot * BYTES;
    this.#bytes[byte + Byte.Known]! &= LASTING;
    this.#bytes[byte + Byte.TcpFlags] = 0;
    this.#bytes[byte + Byte.TcpFlags + 1] = 0;
  }

  #emit(slot: number, reason: number, isFinal: boolean): void {
    const { record } = this.#out;
    const source = this.#sourceOf(slot);
    const isFlipped = (source === 1) !== ((this.#knownOf(slot) & Known.FirstIsHigher) !== 0);
    this.#observeFirst(slot, isFlipped);
    this.#writeTimes(slot, record);
    record.observation.duplicates = this.#words[slot * WORDS + Word.Duplicates]!;
    const application = this.#bytes[slot * BYTES + Byte.Application]!;
    if (application !== 0) record.application.setText(this.#out.applicationName(application));
    const numbers = this.#numbers;
    const from = slot * NUMBERS + source * 2;
    const to = slot * NUMBERS + (source ^ 1) * 2;
    record.srcPackets = numbers[from]!;
    record.srcBytes = numbers[from + 1]!;
    record.dstPackets = numbers[to]!;
    record.dstBytes = numbers[to + 1]!;
    if (this.#first.ipProtocol === TCP) this.#writeTcp(slot, source, isFlipped, record);
    else {
      const known = this.#knownOf(slot);
      const has = (side: number) => (known & (Known.HasLower << side)) !== 0;
      record.connState = datagramState(has(source), has(source ^ 1));
    }
    record.endReason = reason;
    record.isFinal = isFinal;
    this.#out.emitObserved();
  }

  /** The side, 0 for the lower endpoint, that is the source of the slot's rows; the same one in all of them. */
  #sourceOf(slot: number): number {
    const known = this.#knownOf(slot);
    if ((known & Known.HasSource) !== 0) return (known & Known.SourceIsHigher) === 0 ? 0 : 1;
    this.#endpoints.restore(slot, this.#first);
    const isFirstLower = (known & Known.FirstIsHigher) === 0;
    this.#first.isFromLower = isFirstLower;
    const isFirstClient = this.#out.isFromClient(this.#first, slot);
    const source = isFirstClient === isFirstLower ? 0 : 1;
    this.#bytes[slot * BYTES + Byte.Known]! |= Known.HasSource | (source === 0 ? 0 : Known.SourceIsHigher);
    return source;
  }

  #observeFirst(slot: number, isFlipped: boolean): void {
    const first = this.#first;
    const words = this.#firstWords;
    const word = slot * FIRST_WORDS;
    const known = this.#knownOf(slot);
    this.#endpoints.restore(slot, first);
    first.conversation = slot;
    first.isFromLower = (known & Known.FirstIsHigher) === 0;
    first.time.high = words[word]!;
    first.time.low = words[word + 1]!;
    first.frameNumber = this.#firstNumbers[slot * FIRST_NUMBERS + FRAME]!;
    first.isTruncated = (known & Known.Truncated) !== 0;
    if (isFlipped) this.#out.observeReversed(first);
    else this.#out.observe(first);
  }

  #writeTimes(slot: number, record: FlowRecord): void {
    const words = this.#words;
    const at = slot * WORDS;
    const firstHigh = this.#firstWords[slot * FIRST_WORDS]!;
    const firstLow = this.#firstWords[slot * FIRST_WORDS + 1]!;
    const lastHigh = words[at + Word.LastHigh]!;
    const lastLow = words[at + Word.LastLow]!;
    const lasted = nanosecondsBetween(firstHigh, firstLow, lastHigh, lastLow);
    if (lasted >= 0) {
      record.lastTime.high = lastHigh;
      record.lastTime.low = lastLow;
      record.duration = lasted;
      return;
    }
    // The capture's clock was set back meanwhile.
    const numbers = this.#numbers;
    const number = slot * NUMBERS;
    const passed = Math.max(0, numbers[number + Arrival.Last]! - numbers[number + Arrival.First]!);
    record.duration = Math.round(passed);
    record.lastTime.high = firstHigh;
    record.lastTime.low = firstLow;
    record.lastTime.add(record.duration);
  }

  #writeTcp(slot: number, source: number, isFlipped: boolean, record: FlowRecord): void {
    const histories = this.#histories;
    const flags = slot * BYTES + Byte.TcpFlags;
    record.srcTcpFlags = this.#bytes[flags + source]!;
    record.dstTcpFlags = this.#bytes[flags + (source ^ 1)]!;
    record.connState = tcpState(histories.events(slot), source, (this.#knownOf(slot) & Known.HasData) === 0);
    record.history.setText(histories.write(slot, source, isFlipped));
    record.srcMissedBytes = histories.takeMissed(slot, source);
    record.dstMissedBytes = histories.takeMissed(slot, source ^ 1);
    record.observation.gap = record.srcMissedBytes + record.dstMissedBytes > 0;
  }
}
