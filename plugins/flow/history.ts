import type { Packet } from "../../runtime/packet/packet.js";
import { TcpFlag } from "../../runtime/packet/tcp-flag.js";

/**
 * What packets of a TCP connection are or show, as a number with the side in a bit. Each is noted once a side; those from
 * {@link Event.Retransmission} on once more at the tenth time, the hundredth, and so on.
 */
export const Event = {
  Syn: 0,
  SynAck: 1,
  Ack: 2,
  Data: 3,
  Fin: 4,
  Rst: 5,
  /** FIN and RST at once. */
  Inconsistent: 6,
  /** SYN with FIN or RST. */
  MultipleFlags: 7,
  Retransmission: 8,
  /** Bytes that were acknowledged, and not captured. */
  Gap: 9,
  ZeroWindow: 10,
  Mask: 15,
} as const;

/** Both sides have eleven events. */
const FIRST_EVENTS = 22;
/** Events of a slot after which none is noted again, so that there is room for each at its first time. */
const MAX_REPEATING = 32;
const MAX_EVENTS = MAX_REPEATING + FIRST_EVENTS;
/** Events of a slot that are counted: three a side. */
const COUNTED = 6;
/** Letters of the events of the side that opened the connection; those of the other side are small. */
const LETTERS = "SHADFRIQTGW";
const NOTHING = 255;

/** The event that a packet is by its flags, without and with data. */
const BY_FLAGS = new Uint8Array(64);
for (let flags = 0; flags < 32; flags++) {
  BY_FLAGS[flags] = eventOf(flags, false);
  BY_FLAGS[flags + 32] = eventOf(flags, true);
}

/** 0 for an event of the lower endpoint, 1 for one of the higher. */
export function sideOf(event: number): number {
  return event >> 4;
}

/**
 * What the packets of TCP connections were, in the order in which each kind first came from each side: columns by slot, from which
 * the `history` of Zeek's conn.log is written.
 */
export class Histories {
  readonly #seen: Uint32Array;
  readonly #events: Uint8Array;
  readonly #lengths: Uint8Array;
  /** How often those events came that are noted again. */
  readonly #counts: Uint32Array;
  /** Sequence numbers after the last byte seen, two a slot, and which are known, as bits. */
  readonly #next: Int32Array;
  readonly #known: Uint8Array;
  /** Bytes before those that were not captured so far, two a slot; and those of them that were acknowledged. */
  readonly #holes: Float64Array;
  readonly #missed: Float64Array;

  constructor(maxConversations: number) {
    this.#seen = new Uint32Array(maxConversations);
    this.#events = new Uint8Array(maxConversations * MAX_EVENTS);
    this.#lengths = new Uint8Array(maxConversations);
    this.#counts = new Uint32Array(maxConversations * COUNTED);
    this.#next = new Int32Array(maxConversations * 2);
    this.#known = new Uint8Array(maxConversations);
    this.#holes = new Float64Array(maxConversations * 2);
    this.#missed = new Float64Array(maxConversations * 2);
  }

  /** The slot's connection is another one. */
  reset(slot: number): void {
    this.#seen[slot] = 0;
    this.#lengths[slot] = 0;
    this.#counts.fill(0, slot * COUNTED, slot * COUNTED + COUNTED);
    this.#known[slot] = 0;
    for (let at = slot * 2; at < slot * 2 + 2; at++) {
      this.#holes[at] = 0;
      this.#missed[at] = 0;
    }
  }

  /** Notes a packet of one side, 0 or 1. */
  note(slot: number, side: number, packet: Readonly<Packet>): void {
    const { tcpFlags, payloadLengthBytes } = packet;
    const event = BY_FLAGS[(tcpFlags & 31) + (payloadLengthBytes > 0 ? 32 : 0)]!;
    if (event !== NOTHING && (this.#seen[slot]! & (1 << (event | (side << 4)))) === 0) this.#add(slot, side, event);
    if ((tcpFlags & TcpFlag.Rst) !== 0) return;
    if (packet.tcpWindow === 0) this.#noteZeroWindow(slot, side);
    this.#follow(slot, side, packet);
  }

  /** Bytes of a side's direction that were acknowledged and not captured, since they were last taken. */
  takeMissed(slot: number, side: number): number {
    const missed = this.#missed[slot * 2 + side]!;
    this.#missed[slot * 2 + side] = 0;
    return missed;
  }

  /** The events so far. */
  events(slot: number): Uint8Array {
    const at = slot * MAX_EVENTS;
    return this.#events.subarray(at, at + this.#lengths[slot]!);
  }

  /** Writes the history for a connection that `source`, 0 or 1, opened; with `isFlipped` the other side was seen first. */
  write(slot: number, source: number, isFlipped: boolean): string {
    let text = isFlipped ? "^" : "";
    for (const event of this.events(slot)) {
      const letter = LETTERS[event & Event.Mask]!;
      text += sideOf(event) === source ? letter : letter.toLowerCase();
    }
    return text;
  }

  #add(slot: number, side: number, event: number): void {
    const noted = event | (side << 4);
    if ((this.#seen[slot]! & (1 << noted)) !== 0) return;
    this.#seen[slot]! |= 1 << noted;
    this.#events[slot * MAX_EVENTS + this.#lengths[slot]!++] = noted;
  }

  /** Notes an event at its first, tenth, hundredth … time, as Zeek does. */
  #count(slot: number, side: number, event: number): void {
    const times = ++this.#counts[slot * COUNTED + (event - Event.Retransmission) * 2 + side]!;
    if (times === 1) this.#add(slot, side, event);
    else if (isPowerOfTen(times) && this.#lengths[slot]! < MAX_REPEATING) {
      this.#events[slot * MAX_EVENTS + this.#lengths[slot]!++] = event | (side << 4);
    }
  }

  /** A window of zero says something as long as the other side may still send. */
  #noteZeroWindow(slot: number, side: number): void {
    const other = side ^ 1;
    const ended = (1 << (Event.Fin | (other << 4))) | (1 << (Event.Rst | (side << 4)));
    if ((this.#seen[slot]! & ended) === 0) this.#count(slot, side, Event.ZeroWindow);
  }

  /** Follows the sequence numbers of the packet's direction, and what it acknowledges of the other one. */
  #follow(slot: number, side: number, packet: Readonly<Packet>): void {
    const { tcpFlags } = packet;
    const at = slot * 2 + side;
    const bit = 1 << side;
    const counted = (tcpFlags & (TcpFlag.Syn | TcpFlag.Fin)) === 0 ? 0 : 1;
    const lengthBytes = packet.payloadLengthBytes + counted;
    const end = (packet.tcpSequence + lengthBytes) | 0;
    if ((this.#known[slot]! & bit) === 0) {
      this.#known[slot]! |= bit;
      this.#next[at] = end;
    } else {
      const ahead = (end - this.#next[at]!) | 0;
      if (ahead > 0) {
        const hole = ahead - lengthBytes;
        if (hole > 0 && hole < MAX_MISSED_BYTES) this.#holes[at]! += hole;
        this.#next[at] = end;
      } else if (this.#holes[at]! > 0) this.#holes[at] = Math.max(0, this.#holes[at]! - lengthBytes);
      // One byte before what comes next is a keep-alive.
      else if (packet.payloadLengthBytes > 1) this.#count(slot, side, Event.Retransmission);
    }
    if ((tcpFlags & TcpFlag.Ack) !== 0) this.#acknowledge(slot, side ^ 1, packet.tcpAcknowledgement | 0);
  }

  #acknowledge(slot: number, side: number, acknowledgement: number): void {
    const at = slot * 2 + side;
    const bit = 1 << side;
    if ((this.#known[slot]! & bit) === 0) {
      this.#known[slot]! |= bit;
      this.#next[at] = acknowledgement;
      return;
    }
    const ahead = (acknowledgement - this.#next[at]!) | 0;
    if (ahead < 0 || ahead > MAX_MISSED_BYTES || (ahead === 0 && this.#holes[at] === 0)) return;
    this.#next[at] = acknowledgement;
    this.#missed[at]! += ahead + this.#holes[at]!;
    this.#holes[at] = 0;
    this.#count(slot, side, Event.Gap);
  }
}

/** An acknowledgement that is further ahead is not of this connection. */
const MAX_MISSED_BYTES = 2 ** 30;

function isPowerOfTen(value: number): boolean {
  let power = 1;
  while (power < value) power *= 10;
  return power === value;
}

function eventOf(flags: number, hasData: boolean): number {
  const set = flags & (TcpFlag.Syn | TcpFlag.Fin | TcpFlag.Rst);
  if (set === (TcpFlag.Fin | TcpFlag.Rst) || set === (TcpFlag.Fin | TcpFlag.Rst | TcpFlag.Syn))
    return Event.Inconsistent;
  if (set === TcpFlag.Syn) return (flags & TcpFlag.Ack) === 0 ? Event.Syn : Event.SynAck;
  if (set === TcpFlag.Fin) return Event.Fin;
  if (set === TcpFlag.Rst) return Event.Rst;
  if (set !== 0) return Event.MultipleFlags;
  if (hasData) return Event.Data;
  return (flags & TcpFlag.Ack) === 0 ? NOTHING : Event.Ack;
}
