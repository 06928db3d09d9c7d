import { EndReason, type FlowRecord } from "../../generated/flow/record.js";
import type { ConversationEnd } from "../../runtime/conversation/conversation-end.js";
import { ConversationEndpoints } from "../../runtime/conversation/conversation-endpoints.js";
import { NO_CONVERSATION, Packet } from "../../runtime/packet/packet.js";
import type { ObserverOutput, PacketObserver } from "../../runtime/plugin/hooks.js";
import { nanosecondsBetween } from "../../runtime/wire/nanoseconds-between.js";
import { datagramState, tcpState } from "./connection-state.js";
import { Histories } from "./history.js";

const TCP = 6;

/** Counts of one flow in {@link FlowMeter}'s columns: packets and bytes from the lower endpoint, packets and bytes from the higher. */
const COUNTS = 4;
/** Times of one flow: first and last packet, upper and lower half of each. */
const TIMES = 4;
/** When they arrived, by the capture's clock: first and last packet. */
const ARRIVALS = 2;
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
  readonly #known: Uint8Array;
  readonly #times: Uint32Array;
  readonly #arrivals: Float64Array;
  readonly #counts: Float64Array;
  readonly #frameNumbers: Float64Array;
  readonly #applications: Uint8Array;
  readonly #duplicates: Uint32Array;
  /** Two a slot: from the lower endpoint, from the higher one. */
  readonly #tcpFlags: Uint8Array;
  readonly #first = new Packet();

  constructor(out: ObserverOutput<FlowRecord>, activeTimeoutNanoseconds: number) {
    const { maxConversations } = out;
    this.#out = out;
    this.#activeTimeoutNanoseconds = activeTimeoutNanoseconds;
    this.#endpoints = new ConversationEndpoints(maxConversations);
    this.#histories = new Histories(maxConversations);
    this.#known = new Uint8Array(maxConversations);
    this.#times = new Uint32Array(maxConversations * TIMES);
    this.#arrivals = new Float64Array(maxConversations * ARRIVALS);
    this.#counts = new Float64Array(maxConversations * COUNTS);
    this.#frameNumbers = new Float64Array(maxConversations);
    this.#applications = new Uint8Array(maxConversations);
    this.#duplicates = new Uint32Array(maxConversations);
    this.#tcpFlags = new Uint8Array(maxConversations * 2);
  }

  observe(packet: Readonly<Packet>): void {
    const slot = packet.conversation;
    if (slot === NO_CONVERSATION) return;
    const { arrival } = packet;
    const arrivals = this.#arrivals;
    const known = this.#known[slot]!;
    if (packet.isDuplicate) {
      if ((known & Known.Open) !== 0) this.#duplicates[slot]!++;
      return;
    }
    if ((known & Known.Open) === 0) this.#open(slot, packet);
    else if (arrival - arrivals[slot * ARRIVALS]! >= this.#activeTimeoutNanoseconds) {
      this.#emit(slot, EndReason.ACTIVE_TIMEOUT, false);
      this.#startInterval(slot, packet);
    }
    if (arrival >= arrivals[slot * ARRIVALS + 1]!) {
      arrivals[slot * ARRIVALS + 1] = arrival;
      this.#times[slot * TIMES + 2] = packet.time.high;
      this.#times[slot * TIMES + 3] = packet.time.low;
    }
    const side = packet.isFromLower ? 0 : 1;
    const count = slot * COUNTS + side * 2;
    this.#counts[count]!++;
    this.#counts[count + 1]! += packet.originalLengthBytes;
    let learnt = Known.HasLower << side;
    if (packet.application !== 0) this.#applications[slot] = packet.application;
    if (packet.isTruncated) learnt |= Known.Truncated;
    if (packet.ipProtocol === TCP) {
      this.#tcpFlags[slot * 2 + side]! |= packet.tcpFlags;
      if (packet.payloadLengthBytes > 0) learnt |= Known.HasData;
      this.#histories.note(slot, side, packet);
    }
    this.#known[slot]! |= learnt;
  }

  endConversation(slot: number, end: ConversationEnd): void {
    if ((this.#known[slot]! & Known.Open) === 0) return;
    // The reasons of both have IPFIX's numbers.
    this.#emit(slot, end, true);
    this.#known[slot] = 0;
    this.#endpoints.close(slot);
  }

  #open(slot: number, packet: Readonly<Packet>): void {
    this.#known[slot] = Known.Open | (packet.isFromLower ? 0 : Known.FirstIsHigher);
    this.#endpoints.open(slot, packet);
    this.#applications[slot] = 0;
    this.#histories.reset(slot);
    this.#startInterval(slot, packet);
  }

  #startInterval(slot: number, packet: Readonly<Packet>): void {
    const { high, low } = packet.time;
    const times = this.#times;
    const at = slot * TIMES;
    times[at] = high;
    times[at + 1] = low;
    times[at + 2] = high;
    times[at + 3] = low;
    this.#arrivals[slot * ARRIVALS] = packet.arrival;
    this.#arrivals[slot * ARRIVALS + 1] = packet.arrival;
    this.#frameNumbers[slot] = packet.frameNumber;
    this.#known[slot]! &= LASTING;
    this.#counts.fill(0, slot * COUNTS, slot * COUNTS + COUNTS);
    this.#duplicates[slot] = 0;
    this.#tcpFlags[slot * 2] = 0;
    this.#tcpFlags[slot * 2 + 1] = 0;
  }

  #emit(slot: number, reason: number, isFinal: boolean): void {
    const { record } = this.#out;
    const source = this.#sourceOf(slot);
    const isFlipped = (source === 1) !== ((this.#known[slot]! & Known.FirstIsHigher) !== 0);
    this.#observeFirst(slot, isFlipped);
    this.#writeTimes(slot, record);
    record.observation.duplicates = this.#duplicates[slot]!;
    const application = this.#applications[slot]!;
    if (application !== 0) record.application.setText(this.#out.applicationName(application));
    const counts = this.#counts;
    const from = slot * COUNTS + source * 2;
    const to = slot * COUNTS + (source ^ 1) * 2;
    record.srcPackets = counts[from]!;
    record.srcBytes = counts[from + 1]!;
    record.dstPackets = counts[to]!;
    record.dstBytes = counts[to + 1]!;
    if (this.#first.ipProtocol === TCP) this.#writeTcp(slot, source, isFlipped, record);
    else {
      const known = this.#known[slot]!;
      const has = (side: number) => (known & (Known.HasLower << side)) !== 0;
      record.connState = datagramState(has(source), has(source ^ 1));
    }
    record.endReason = reason;
    record.isFinal = isFinal;
    this.#out.emitObserved();
  }

  /** The side, 0 for the lower endpoint, that is the source of the slot's rows; the same one in all of them. */
  #sourceOf(slot: number): number {
    const known = this.#known[slot]!;
    if ((known & Known.HasSource) !== 0) return (known & Known.SourceIsHigher) === 0 ? 0 : 1;
    this.#endpoints.restore(slot, this.#first);
    const isFirstLower = (known & Known.FirstIsHigher) === 0;
    this.#first.isFromLower = isFirstLower;
    const isFirstClient = this.#out.isFromClient(this.#first, slot);
    const source = isFirstClient === isFirstLower ? 0 : 1;
    this.#known[slot]! |= Known.HasSource | (source === 0 ? 0 : Known.SourceIsHigher);
    return source;
  }

  #observeFirst(slot: number, isFlipped: boolean): void {
    const first = this.#first;
    const times = this.#times;
    this.#endpoints.restore(slot, first);
    first.conversation = slot;
    first.isFromLower = (this.#known[slot]! & Known.FirstIsHigher) === 0;
    first.time.high = times[slot * TIMES]!;
    first.time.low = times[slot * TIMES + 1]!;
    first.frameNumber = this.#frameNumbers[slot]!;
    first.isTruncated = (this.#known[slot]! & Known.Truncated) !== 0;
    if (isFlipped) this.#out.observeReversed(first);
    else this.#out.observe(first);
  }

  #writeTimes(slot: number, record: FlowRecord): void {
    const times = this.#times;
    const at = slot * TIMES;
    const lasted = nanosecondsBetween(times[at]!, times[at + 1]!, times[at + 2]!, times[at + 3]!);
    if (lasted >= 0) {
      record.lastTime.high = times[at + 2]!;
      record.lastTime.low = times[at + 3]!;
      record.duration = lasted;
      return;
    }
    // The capture's clock was set back meanwhile.
    const passed = Math.max(0, this.#arrivals[slot * ARRIVALS + 1]! - this.#arrivals[slot * ARRIVALS]!);
    record.duration = Math.round(passed);
    record.lastTime.high = times[at]!;
    record.lastTime.low = times[at + 1]!;
    record.lastTime.add(record.duration);
  }

  #writeTcp(slot: number, source: number, isFlipped: boolean, record: FlowRecord): void {
    const histories = this.#histories;
    record.srcTcpFlags = this.#tcpFlags[slot * 2 + source]!;
    record.dstTcpFlags = this.#tcpFlags[slot * 2 + (source ^ 1)]!;
    record.connState = tcpState(histories.events(slot), source, (this.#known[slot]! & Known.HasData) === 0);
    record.history.setText(histories.write(slot, source, isFlipped));
    record.srcMissedBytes = histories.takeMissed(slot, source);
    record.dstMissedBytes = histories.takeMissed(slot, source ^ 1);
  }
}
