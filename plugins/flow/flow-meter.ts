import { EndReason, type FlowRecord } from "../../generated/flow/record.js";
import type { ConversationEnd } from "../../runtime/conversation/conversation-end.js";
import { ConversationEndpoints } from "../../runtime/conversation/conversation-endpoints.js";
import { NO_CONVERSATION, Packet } from "../../runtime/packet/packet.js";
import type { ObserverOutput, PacketObserver } from "../../runtime/plugin/hooks.js";
import { nanosecondsBetween, TWO_32 } from "../../runtime/wire/nanoseconds-between.js";

const TCP = 6;

/** Counts of one flow in {@link FlowMeter}'s columns: packets and bytes from the source, packets and bytes from the destination. */
const COUNTS = 4;
/** Which endpoint of a conversation is the source of its flow. */
const Source = { None: 0, Lower: 1, Higher: 2 } as const;
/** Times of one flow: first and last packet, upper and lower half of each. */
const TIMES = 4;

/** Counts packets and bytes of each conversation and makes a row of it when it ends or has lasted for the active timeout. */
export class FlowMeter implements PacketObserver {
  readonly #out: ObserverOutput<FlowRecord>;
  readonly #activeTimeoutNanoseconds: number;
  readonly #endpoints: ConversationEndpoints;
  /** {@link Source} of each slot, none where no flow is open. */
  readonly #sources: Uint8Array;
  readonly #times: Uint32Array;
  readonly #counts: Float64Array;
  readonly #frameNumbers: Float64Array;
  readonly #applications: Uint8Array;
  readonly #isTruncated: Uint8Array;
  /** Two a slot: from the source, from the destination. */
  readonly #tcpFlags: Uint8Array;
  readonly #first = new Packet();

  constructor(out: ObserverOutput<FlowRecord>, activeTimeoutNanoseconds: number) {
    const { maxConversations } = out;
    this.#out = out;
    this.#activeTimeoutNanoseconds = activeTimeoutNanoseconds;
    this.#endpoints = new ConversationEndpoints(maxConversations);
    this.#sources = new Uint8Array(maxConversations);
    this.#times = new Uint32Array(maxConversations * TIMES);
    this.#counts = new Float64Array(maxConversations * COUNTS);
    this.#frameNumbers = new Float64Array(maxConversations);
    this.#applications = new Uint8Array(maxConversations);
    this.#isTruncated = new Uint8Array(maxConversations);
    this.#tcpFlags = new Uint8Array(maxConversations * 2);
  }

  observe(packet: Readonly<Packet>): void {
    const slot = packet.conversation;
    if (slot === NO_CONVERSATION) return;
    const { high, low } = packet.time;
    const times = this.#times;
    const at = slot * TIMES;
    let source = this.#sources[slot]!;
    if (source === Source.None) source = this.#open(slot, packet);
    // As nanosecondsBetween, written out: the call costs 2 % of a flow's packet.
    else if ((high - times[at]!) * TWO_32 + (low - times[at + 1]!) >= this.#activeTimeoutNanoseconds) {
      this.#emit(slot, EndReason.ACTIVE_TIMEOUT, false);
      this.#startInterval(slot, packet);
    }
    times[at + 2] = high;
    times[at + 3] = low;
    const side = (source === Source.Lower) === packet.isFromLower ? 0 : 1;
    const count = slot * COUNTS + side * 2;
    this.#counts[count]!++;
    this.#counts[count + 1]! += packet.originalLengthBytes;
    if (packet.application !== 0) this.#applications[slot] = packet.application;
    if (packet.isTruncated) this.#isTruncated[slot] = 1;
    if (packet.ipProtocol === TCP) this.#tcpFlags[slot * 2 + side]! |= packet.tcpFlags;
  }

  endConversation(slot: number, end: ConversationEnd): void {
    if (this.#sources[slot] === Source.None) return;
    // The reasons of both have IPFIX's numbers.
    this.#emit(slot, end, true);
    this.#sources[slot] = Source.None;
    this.#endpoints.close(slot);
  }

  #open(slot: number, packet: Readonly<Packet>): number {
    const source = packet.isFromLower ? Source.Lower : Source.Higher;
    this.#sources[slot] = source;
    this.#endpoints.open(slot, packet);
    this.#applications[slot] = 0;
    this.#startInterval(slot, packet);
    return source;
  }

  #startInterval(slot: number, packet: Readonly<Packet>): void {
    this.#times[slot * TIMES] = packet.time.high;
    this.#times[slot * TIMES + 1] = packet.time.low;
    this.#frameNumbers[slot] = packet.frameNumber;
    this.#isTruncated[slot] = 0;
    this.#counts.fill(0, slot * COUNTS, slot * COUNTS + COUNTS);
    this.#tcpFlags[slot * 2] = 0;
    this.#tcpFlags[slot * 2 + 1] = 0;
  }

  #emit(slot: number, reason: number, isFinal: boolean): void {
    const { record } = this.#out;
    const first = this.#first;
    const times = this.#times;
    const at = slot * TIMES;
    this.#endpoints.restore(slot, first);
    first.time.high = times[at]!;
    first.time.low = times[at + 1]!;
    first.frameNumber = this.#frameNumbers[slot]!;
    first.isTruncated = this.#isTruncated[slot] === 1;
    this.#out.observe(first);

    record.lastTime.high = times[at + 2]!;
    record.lastTime.low = times[at + 3]!;
    record.duration = Math.max(0, nanosecondsBetween(times[at]!, times[at + 1]!, times[at + 2]!, times[at + 3]!));
    const application = this.#applications[slot]!;
    if (application !== 0) record.application.setText(this.#out.applicationName(application));
    const counts = this.#counts;
    const count = slot * COUNTS;
    record.srcPackets = counts[count]!;
    record.srcBytes = counts[count + 1]!;
    record.dstPackets = counts[count + 2]!;
    record.dstBytes = counts[count + 3]!;
    if (first.ipProtocol === TCP) {
      record.srcTcpFlags = this.#tcpFlags[slot * 2]!;
      record.dstTcpFlags = this.#tcpFlags[slot * 2 + 1]!;
    }
    record.endReason = reason;
    record.isFinal = isFinal;
    this.#out.emitObserved();
  }
}
