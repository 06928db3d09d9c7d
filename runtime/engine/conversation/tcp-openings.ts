import type { Packet } from "../../packet/packet.js";
import { TcpFlag } from "../../packet/tcp-flag.js";
import { type ConversationMemory, SLOT_BYTES, SLOT_WORDS, SlotByte, SlotWord } from "./conversation-memory.js";

// Constants of this module are inlined by the engine; those of an imported object are looked up at each use.
const SYN = TcpFlag.Syn;
const ACK = TcpFlag.Ack;
const RST = TcpFlag.Rst;

const WORDS = SLOT_WORDS;
const BYTES = SLOT_BYTES;
const OPENINGS = SlotWord.Openings;
const OPENED = SlotByte.Opened;

/** Evidence about a conversation, as bits by slot. */
const Known = {
  /** The initial sequence number is known from a SYN, for the lower and the higher endpoint. */
  LowerSyn: 1,
  HigherSyn: 2,
  /** An upper bound of the initial number is known from another packet. */
  LowerBound: 4,
  HigherBound: 8,
  /**
   * The bound is the initial number itself: the other side's SYN-ACK acknowledges it. If a SYN that was not captured carried data
   * (RFC 7413), it is the number of the last byte of that data.
   */
  LowerAcknowledged: 16,
  HigherAcknowledged: 32,
} as const;

const LOWER_INITIAL = Known.LowerSyn | Known.LowerAcknowledged;
const HIGHER_INITIAL = Known.HigherSyn | Known.HigherAcknowledged;
const ALL_BOUNDS = Known.LowerBound | Known.HigherBound;

/** A SYN at most this far before the data seen from its side is late and does not begin another connection. */
const MAX_LATE_BYTES = 1024 * 1024;

/** How the TCP connections of a capture began, by the slot of their conversation. */
export class TcpOpenings {
  readonly #bytes: Uint8Array;
  /** Two sequence numbers for each slot, of the lower and of the higher endpoint: initial numbers, or their upper bounds. */
  readonly #words: Int32Array;
  /** Number of an earlier SYN-ACK, by slot, if a server sent two, and the side that sent it. */
  readonly #alternatives = new Map<number, { readonly number: number; readonly isLower: boolean }>();

  constructor({ words, bytes }: ConversationMemory) {
    this.#words = words;
    this.#bytes = bytes;
  }

  /** Clears the slot. */
  reset(slot: number): void {
    this.#bytes[slot * BYTES + OPENED] = 0;
    if (this.#alternatives.size > 0) this.#alternatives.delete(slot);
  }

  /** Whether a SYN of either side was seen. */
  isSeen(slot: number): boolean {
    return (this.#bytes[slot * BYTES + OPENED]! & (Known.LowerSyn | Known.HigherSyn)) !== 0;
  }

  /** Whether a SYN of this side or its answer was seen, so that {@link initialNumber} is known. */
  hasInitialNumber(slot: number, isLower: boolean): boolean {
    return (this.#bytes[slot * BYTES + OPENED]! & (isLower ? LOWER_INITIAL : HIGHER_INITIAL)) !== 0;
  }

  /** Initial sequence number of a side, as a signed 32-bit integer. */
  initialNumber(slot: number, isLower: boolean): number {
    return this.#words[slot * WORDS + OPENINGS + (isLower ? 0 : 1)]!;
  }

  /**
   * Whether a packet with SYN opens another connection than the one in `slot`: its sequence number differs. `isClosed` reports that the
   * connection in `slot` has ended.
   */
  isAnother(slot: number, packet: Readonly<Packet>, isFromLower: boolean, isClosed: boolean): boolean {
    const known = this.#bytes[slot * BYTES + OPENED]!;
    // A second SYN-ACK of a connection that is being opened is judged by the number that the client acknowledges.
    if ((packet.tcpFlags & ACK) !== 0 && !isClosed) return false;
    const number = this.#words[slot * WORDS + OPENINGS + (isFromLower ? 0 : 1)]!;
    const ahead = ((packet.tcpSequence | 0) - number) | 0;
    if ((known & (isFromLower ? Known.LowerSyn : Known.HigherSyn)) !== 0) return ahead !== 0;
    if ((known & (isFromLower ? Known.LowerBound : Known.HigherBound)) !== 0) {
      return ahead > 0 || ahead < -MAX_LATE_BYTES;
    }
    // Both sides may open at once (RFC 9293, section 3.5).
    return isClosed;
  }

  /** Updates the numbers of the conversation in `slot` from a TCP packet. */
  learn(slot: number, packet: Readonly<Packet>, isFromLower: boolean): void {
    const { tcpFlags } = packet;
    if ((tcpFlags & SYN) !== 0) this.#learnSyn(slot, packet, isFromLower);
    else if ((this.#bytes[slot * BYTES + OPENED]! & ALL_BOUNDS) !== ALL_BOUNDS && (tcpFlags & RST) === 0) {
      this.#bound(slot, isFromLower, packet.tcpSequence - 1);
    }
    if ((tcpFlags & (ACK | RST)) !== ACK) return;
    if ((this.#bytes[slot * BYTES + OPENED]! & ALL_BOUNDS) !== ALL_BOUNDS) {
      if (this.#bound(slot, !isFromLower, packet.tcpAcknowledgement - 1) && (tcpFlags & SYN) !== 0) {
        this.#bytes[slot * BYTES + OPENED]! |= isFromLower ? Known.HigherAcknowledged : Known.LowerAcknowledged;
      }
    }
    if (this.#alternatives.size > 0 && (tcpFlags & SYN) === 0) this.#choose(slot, packet, isFromLower);
  }

  #learnSyn(slot: number, packet: Readonly<Packet>, isFromLower: boolean): void {
    const bit = isFromLower ? Known.LowerSyn : Known.HigherSyn;
    const at = slot * WORDS + OPENINGS + (isFromLower ? 0 : 1);
    const number = packet.tcpSequence | 0;
    if ((this.#bytes[slot * BYTES + OPENED]! & bit) !== 0 && this.#words[at] !== number) {
      this.#alternatives.set(slot, { number: this.#words[at]!, isLower: isFromLower });
    }
    this.#words[at] = number;
    this.#bytes[slot * BYTES + OPENED]! |= bit | (isFromLower ? Known.LowerBound : Known.HigherBound);
  }

  /** Keeps an upper bound of a side's initial number; returns false if one is known. */
  #bound(slot: number, isLower: boolean, number: number): boolean {
    const bit = isLower ? Known.LowerBound : Known.HigherBound;
    if ((this.#bytes[slot * BYTES + OPENED]! & bit) !== 0) return false;
    this.#bytes[slot * BYTES + OPENED]! |= bit;
    this.#words[slot * WORDS + OPENINGS + (isLower ? 0 : 1)] = number;
    return true;
  }

  /** Of two SYN-ACKs, the one that the client acknowledges is valid. */
  #choose(slot: number, packet: Readonly<Packet>, isFromLower: boolean): void {
    const alternative = this.#alternatives.get(slot);
    if (alternative === undefined || alternative.isLower === isFromLower) return;
    const at = slot * WORDS + OPENINGS + (alternative.isLower ? 0 : 1);
    const acknowledged = (packet.tcpAcknowledgement - 1) | 0;
    if (acknowledged === alternative.number) this.#words[at] = acknowledged;
    if (acknowledged === this.#words[at]) this.#alternatives.delete(slot);
  }
}
