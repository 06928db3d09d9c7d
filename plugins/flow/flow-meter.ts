import { EndReason, type FlowRecord } from "../../generated/flow/record.js";
import { Packet } from "../../runtime/packet/packet.js";
import type { ObserverOutput, PacketObserver } from "../../runtime/plugin/hooks.js";
import { Timestamp } from "../../runtime/wire/timestamp.js";
import { FlowTable } from "./flow-table.js";

const TCP = 6;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

/** Bounds and timeouts of flow metering; the timeouts in nanoseconds of capture time. */
export interface FlowLimits {
  readonly maxFlows: number;
  readonly idleTimeoutNanoseconds: number;
  readonly activeTimeoutNanoseconds: number;
  /** How long a closed TCP conversation waits for stragglers before it becomes a row. */
  readonly lingerNanoseconds: number;
}

/** Counts packets and bytes of each conversation and makes a row of it when it ends or has lasted for the active timeout. */
export class FlowMeter implements PacketObserver {
  readonly #out: ObserverOutput<FlowRecord>;
  readonly #limits: FlowLimits;
  readonly #table: FlowTable;
  /** First packet of each slot's interval, as far as its row needs it. */
  readonly #firstHigh: Uint32Array;
  readonly #firstLow: Uint32Array;
  readonly #frameNumbers: Float64Array;
  readonly #interfaces: Uint16Array;
  readonly #endpoints: Uint8Array;
  readonly #ports: Uint16Array;
  readonly #vlans: Uint16Array;
  readonly #protocols: Uint8Array;
  readonly #addressLengths: Uint8Array;
  readonly #isSrcLower: Uint8Array;
  readonly #isTruncated: Uint8Array;
  /** 1 where the first packet was a fragment without a transport header, so that the flow has no ports. */
  readonly #isLaterFragment: Uint8Array;
  readonly #lastHigh: Uint32Array;
  readonly #lastLow: Uint32Array;
  readonly #applications: Uint8Array;
  /** Two of each a slot: from the source, from the destination. */
  readonly #packets: Float64Array;
  readonly #bytes: Float64Array;
  readonly #tcpFlags: Uint8Array;
  /** TCP flags over the whole conversation, which tell its end; the other ones are of the interval. */
  readonly #allTcpFlags: Uint8Array;
  /** Slots that closed, oldest first, each with the generation that the slot then had. */
  readonly #closing: { slot: number; generation: number }[] = [];
  readonly #generations: Uint32Array;
  readonly #first = new Packet();
  readonly #last = new Timestamp();

  constructor(out: ObserverOutput<FlowRecord>, limits: FlowLimits) {
    const { maxFlows } = limits;
    this.#out = out;
    this.#limits = limits;
    this.#table = new FlowTable(maxFlows);
    this.#firstHigh = new Uint32Array(maxFlows);
    this.#firstLow = new Uint32Array(maxFlows);
    this.#frameNumbers = new Float64Array(maxFlows);
    this.#interfaces = new Uint16Array(maxFlows);
    this.#endpoints = new Uint8Array(maxFlows * 32);
    this.#ports = new Uint16Array(maxFlows * 2);
    this.#vlans = new Uint16Array(maxFlows * 2);
    this.#protocols = new Uint8Array(maxFlows);
    this.#addressLengths = new Uint8Array(maxFlows);
    this.#isSrcLower = new Uint8Array(maxFlows);
    this.#isTruncated = new Uint8Array(maxFlows);
    this.#isLaterFragment = new Uint8Array(maxFlows);
    this.#lastHigh = new Uint32Array(maxFlows);
    this.#lastLow = new Uint32Array(maxFlows);
    this.#applications = new Uint8Array(maxFlows);
    this.#packets = new Float64Array(maxFlows * 2);
    this.#bytes = new Float64Array(maxFlows * 2);
    this.#tcpFlags = new Uint8Array(maxFlows * 2);
    this.#allTcpFlags = new Uint8Array(maxFlows * 2);
    this.#generations = new Uint32Array(maxFlows);
    this.#first.bytes = new Uint8Array(32);
    this.#first.dstAddressStart = 16;
  }

  observe(packet: Readonly<Packet>): void {
    if (packet.addressLength === 0) return;
    const table = this.#table;
    let slot = table.find(packet);
    if (slot !== -1 && this.#endsBefore(slot, packet)) {
      table.find(packet);
      slot = -1;
    }
    if (slot === -1) {
      if (table.size === this.#limits.maxFlows) {
        this.#end(table.oldest, EndReason.EVICTED);
        table.find(packet);
      }
      slot = table.insert();
      this.#open(slot, packet);
    } else {
      table.touch(slot);
      if (this.#nanosecondsSinceFirst(slot, packet.time) >= this.#limits.activeTimeoutNanoseconds) {
        this.#emit(slot, EndReason.ACTIVE_TIMEOUT, false);
        this.#startInterval(slot, packet);
      }
    }
    const side = slot * 2 + (this.#isSrcLower[slot] === (table.isFromLower ? 1 : 0) ? 0 : 1);
    this.#lastHigh[slot] = packet.time.high;
    this.#lastLow[slot] = packet.time.low;
    this.#packets[side]!++;
    this.#bytes[side]! += packet.originalLengthBytes;
    if (packet.application !== 0) this.#applications[slot] = packet.application;
    if (packet.isTruncated) this.#isTruncated[slot] = 1;
    if (packet.ipProtocol === TCP) this.#countTcpFlags(slot, side, packet.tcpFlags);
  }

  advance(now: Timestamp): void {
    const { idleTimeoutNanoseconds, lingerNanoseconds } = this.#limits;
    let closed = 0;
    for (const { slot, generation } of this.#closing) {
      if (this.#generations[slot] === generation) {
        if (this.#nanosecondsSinceLast(slot, now) < lingerNanoseconds) break;
        this.#end(slot, EndReason.TCP_END);
      }
      closed++;
    }
    if (closed > 0) this.#closing.splice(0, closed);
    const table = this.#table;
    while (table.oldest !== -1 && this.#nanosecondsSinceLast(table.oldest, now) >= idleTimeoutNanoseconds) {
      this.#end(table.oldest, EndReason.IDLE_TIMEOUT);
    }
  }

  finish(): void {
    while (this.#table.oldest !== -1) this.#end(this.#table.oldest, EndReason.END_OF_INPUT);
    this.#closing.length = 0;
  }

  /** Ends a conversation that the packet cannot belong to: it idled out, or it closed and the packet opens another. */
  #endsBefore(slot: number, packet: Readonly<Packet>): boolean {
    const isNewConnection =
      packet.ipProtocol === TCP && (packet.tcpFlags & (SYN | ACK)) === SYN && this.#isClosed(slot);
    if (isNewConnection) {
      this.#end(slot, EndReason.TCP_END);
      return true;
    }
    if (this.#nanosecondsSinceLast(slot, packet.time) < this.#limits.idleTimeoutNanoseconds) return false;
    this.#end(slot, EndReason.IDLE_TIMEOUT);
    return true;
  }

  #open(slot: number, packet: Readonly<Packet>): void {
    const { bytes, addressLength, srcAddressStart, dstAddressStart } = packet;
    const at = slot * 32;
    for (let i = 0; i < addressLength; i++) {
      this.#endpoints[at + i] = bytes[srcAddressStart + i]!;
      this.#endpoints[at + 16 + i] = bytes[dstAddressStart + i]!;
    }
    this.#ports[slot * 2] = packet.srcPort;
    this.#ports[slot * 2 + 1] = packet.dstPort;
    this.#vlans[slot * 2] = packet.vlanId;
    this.#vlans[slot * 2 + 1] = packet.innerVlanId;
    this.#protocols[slot] = packet.ipProtocol;
    this.#addressLengths[slot] = addressLength;
    this.#isSrcLower[slot] = this.#table.isFromLower ? 1 : 0;
    this.#isLaterFragment[slot] = packet.fragmentOffset > 0 ? 1 : 0;
    this.#interfaces[slot] = packet.interfaceIndex;
    this.#applications[slot] = 0;
    this.#allTcpFlags[slot * 2] = 0;
    this.#allTcpFlags[slot * 2 + 1] = 0;
    this.#startInterval(slot, packet);
  }

  #startInterval(slot: number, packet: Readonly<Packet>): void {
    this.#firstHigh[slot] = packet.time.high;
    this.#firstLow[slot] = packet.time.low;
    this.#frameNumbers[slot] = packet.frameNumber;
    this.#isTruncated[slot] = 0;
    for (let side = slot * 2; side < slot * 2 + 2; side++) {
      this.#packets[side] = 0;
      this.#bytes[side] = 0;
      this.#tcpFlags[side] = 0;
    }
  }

  #countTcpFlags(slot: number, side: number, flags: number): void {
    this.#tcpFlags[side]! |= flags;
    if ((this.#allTcpFlags[side]! | flags) === this.#allTcpFlags[side]) return;
    const wasClosed = this.#isClosed(slot);
    this.#allTcpFlags[side]! |= flags;
    if (!wasClosed && this.#isClosed(slot)) this.#closing.push({ slot, generation: this.#generations[slot]! });
  }

  #isClosed(slot: number): boolean {
    const src = this.#allTcpFlags[slot * 2]!;
    const dst = this.#allTcpFlags[slot * 2 + 1]!;
    return ((src | dst) & RST) !== 0 || (src & dst & FIN) !== 0;
  }

  #end(slot: number, reason: number): void {
    const isTcpEnd = this.#protocols[slot] === TCP && this.#isClosed(slot);
    this.#emit(slot, isTcpEnd ? EndReason.TCP_END : reason, true);
    this.#generations[slot]!++;
    this.#table.remove(slot);
  }

  #emit(slot: number, reason: number, isFinal: boolean): void {
    const { record } = this.#out;
    const first = this.#first;
    first.bytes.set(this.#endpoints.subarray(slot * 32, slot * 32 + 32));
    first.time.high = this.#firstHigh[slot]!;
    first.time.low = this.#firstLow[slot]!;
    first.frameNumber = this.#frameNumbers[slot]!;
    first.interfaceIndex = this.#interfaces[slot]!;
    first.addressLength = this.#addressLengths[slot]!;
    first.ipVersion = first.addressLength === 4 ? 4 : 6;
    first.ipProtocol = this.#protocols[slot]!;
    first.srcPort = this.#ports[slot * 2]!;
    first.dstPort = this.#ports[slot * 2 + 1]!;
    first.vlanId = this.#vlans[slot * 2]!;
    first.innerVlanId = this.#vlans[slot * 2 + 1]!;
    // Only whether it is 0 matters.
    first.fragmentOffset = this.#isLaterFragment[slot]!;
    first.isFragment = first.fragmentOffset > 0;
    first.isTruncated = this.#isTruncated[slot] === 1;
    this.#out.observe(first);

    record.lastTime.high = this.#lastHigh[slot]!;
    record.lastTime.low = this.#lastLow[slot]!;
    this.#last.copy(record.lastTime);
    record.duration = Math.max(0, this.#last.nanosecondsSince(first.time));
    const application = this.#applications[slot]!;
    if (application !== 0) record.application.setText(this.#out.applicationName(application));
    record.srcPackets = this.#packets[slot * 2]!;
    record.dstPackets = this.#packets[slot * 2 + 1]!;
    record.srcBytes = this.#bytes[slot * 2]!;
    record.dstBytes = this.#bytes[slot * 2 + 1]!;
    if (first.ipProtocol === TCP) {
      record.srcTcpFlags = this.#tcpFlags[slot * 2]!;
      record.dstTcpFlags = this.#tcpFlags[slot * 2 + 1]!;
    }
    record.endReason = reason;
    record.isFinal = isFinal;
    this.#out.emitObserved();
  }

  #nanosecondsSinceFirst(slot: number, now: Timestamp): number {
    return (now.high - this.#firstHigh[slot]!) * 4294967296 + (now.low - this.#firstLow[slot]!);
  }

  #nanosecondsSinceLast(slot: number, now: Timestamp): number {
    return (now.high - this.#lastHigh[slot]!) * 4294967296 + (now.low - this.#lastLow[slot]!);
  }
}
