import type { Packet } from "../../packet/packet.js";
import { TcpFlag } from "../../packet/tcp-flag.js";
import { type ConversationMemory, SLOT_BYTES, SLOT_WORDS, SlotByte, SlotWord } from "./conversation-memory.js";

// Constants of this module are compiled in; those of an imported object are looked up each time.
const SYN = TcpFlag.Syn;
const ACK = TcpFlag.Ack;
const RST = TcpFlag.Rst;

const WORDS = SLOT_WORDS;
const BYTES = SLOT_BYTES;
const OPENINGS = SlotWord.Openings;
const OPENED = SlotByte.Opened;

/** What packets showed of a conversation, as bits by slot. */
const Known = {
  /** Initial sequence numbers, by a SYN, of the lower endpoint and of the higher one. */
  LowerSyn: 1,
  HigherSyn: 2,
  /** A number that the initial one is not after, by another packet. */
  LowerBound: 4,
  HigherBound: 8,
  /**
   * The bound is the initial number: the other side's SYN-ACK acknowledges it. With data in a SYN that was not captured (RFC 7413) it is the
   * number of the last byte of that data.
   */
  LowerAcknowledged: 16,
  HigherAcknowledged: 32,
} as const;

const LOWER_INITIAL = Known.LowerSyn | Known.LowerAcknowledged;
const HIGHER_INITIAL = Known.HigherSyn | Known.HigherAcknowledged;
const ALL_BOUNDS = Known.LowerBound | Known.HigherBound;

/** A SYN that is at most this far before what was seen of its side came late, rather than that it begins another connection. */
const MAX_LATE_BYTES = 1024 * 1024;

/** How the TCP connections of a capture began, by the slot of their conversation. */
export class TcpOpenings {
  readonly #bytes: Uint8Array;
  /** Sequence numbers, two a slot, of the lower endpoint and of the higher one: initial ones, or what those are not after. */
  readonly #words: Int32Array;
  /** The number of an earlier SYN-ACK, by slot, where a server sent two, and which side that is. */
  readonly #alternatives = new Map<number, { readonly number: number; readonly isLower: boolean }>();

  constructor({ words, bytes }: ConversationMemory) {
    this.#words = words;
    this.#bytes = bytes;
  }

  /** Forgets what the slot's conversation was. */
  reset(slot: number): void {
    this.#bytes[slot * BYTES + OPENED] = 0;
    if (this.#alternatives.size > 0) this.#alternatives.delete(slot);
  }

  /** True once a SYN of either side was seen. */
  isSeen(slot: number): boolean {
    return (this.#bytes[slot * BYTES + OPENED]! & (Known.LowerSyn | Known.HigherSyn)) !== 0;
  }

  /** True where a SYN of this side, or the answer to it, was seen, so that {@link initialNumber} is there. */
  hasInitialNumber(slot: number, isLower: boolean): boolean {
    return (this.#bytes[slot * BYTES + OPENED]! & (isLower ? LOWER_INITIAL : HIGHER_INITIAL)) !== 0;
  }

  /** Initial sequence number of a side, as a signed 32-bit integer. */
  initialNumber(slot: number, isLower: boolean): number {
    return this.#words[slot * WORDS + OPENINGS + (isLower ? 0 : 1)]!;
  }

  /**
   * True for a packet with SYN that opens another connection than the one in `slot`, which `isClosed` says has ended: its sequence
   * number is another one.
   */
  isAnother(slot: number, packet: Readonly<Packet>, isFromLower: boolean, isClosed: boolean): boolean {
    const known = this.#bytes[slot * BYTES + OPENED]!;
    // A second SYN-ACK of a connection that is being opened is judged by what the client acknowledges.
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

  /** Learns from a TCP packet of the conversation in `slot`. */
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

  /** Keeps a number that a side's initial one is not after; false where one is known. */
  #bound(slot: number, isLower: boolean, number: number): boolean {
    const bit = isLower ? Known.LowerBound : Known.HigherBound;
    if ((this.#bytes[slot * BYTES + OPENED]! & bit) !== 0) return false;
    this.#bytes[slot * BYTES + OPENED]! |= bit;
    this.#words[slot * WORDS + OPENINGS + (isLower ? 0 : 1)] = number;
    return true;
  }

  /** Of two SYN-ACKs the one counts that the client acknowledges. */
  #choose(slot: number, packet: Readonly<Packet>, isFromLower: boolean): void {
    const alternative = this.#alternatives.get(slot);
    if (alternative === undefined || alternative.isLower === isFromLower) return;
    const at = slot * WORDS + OPENINGS + (alternative.isLower ? 0 : 1);
    const acknowledged = (packet.tcpAcknowledgement - 1) | 0;
    if (acknowledged === alternative.number) this.#words[at] = acknowledged;
    if (acknowledged === this.#words[at]) this.#alternatives.delete(slot);
  }
}
