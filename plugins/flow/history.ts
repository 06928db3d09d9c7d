import { MAX_SURE_BYTES, type Packet, SequenceDoubts, TcpFlag } from "../../runtime/plugin/index.js";
import { Holes } from "./holes.js";

// Constants of this module are compiled in; those of an imported object are looked up each time.
const SYN = TcpFlag.Syn;
const ACK = TcpFlag.Ack;
const RST = TcpFlag.Rst;
const FIN = TcpFlag.Fin;

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
  /** Data that ends at or before the next expected byte: sent again, or out of order. */
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
/** Letters of the events of the side that opened the connection; those of the other side are small. */
const LETTERS = "SHADFRIQTGW";
const NOTHING = 255;
/** How far before an acknowledgement holes are looked for: no window is larger (RFC 7323, section 2.3). */
const MAX_WINDOW = 2 ** 30;

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
 * Memory of one connection, as 32-bit words, as bytes and as 64-bit numbers; of two values the first is the lower endpoint's:
 *
 * ```
 * │ seen │ sides known, events, open holes │ next │ counts │ unused │ missed │
 * 0      4                                 8      16       40       48       64 bytes
 * ```
 *
 * `seen` has one bit per event. `next` are sequence numbers after the last byte seen, of the sides that are known. Counts are of the events
 * that are noted again. Open holes, one byte per side, is 1 where numbers before `next` were not captured so far; missed are those of them that
 * were acknowledged.
 */
const WORDS = 16;
const Word = { Seen: 0, Next: 2, Counts: 4 } as const;
const Byte = { Known: 4, Length: 5, Holes: 6 } as const;
const MISSED = 6;
/** {@link Byte.Known} where both sides are. */
const BOTH_KNOWN = 3;

/**
 * What the packets of TCP connections were, in the order in which each kind first came from each side, by slot: the `history` of Zeek's
 * conn.log is written from it.
 */
export class Histories {
  /** The same memory thrice: what belongs to a slot stands together, because each packet reads and writes it together. */
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #stride: number;
  readonly #at: number;
  readonly #events: Uint8Array;
  /** Numbers far ahead of what was seen. */
  readonly #doubts = new SequenceDoubts();
  readonly #holes = new Holes();

  /** Keeps a slot's memory in the eight numbers at `at` of each `stride` of `numbers`. */
  constructor(maxConversations: number, numbers: Float64Array, stride: number, at: number) {
    this.#numbers = numbers;
    const { buffer, byteOffset } = numbers;
    this.#words = new Int32Array(buffer, byteOffset, numbers.length * 2);
    this.#bytes = new Uint8Array(buffer, byteOffset, numbers.byteLength);
    this.#stride = stride;
    this.#at = at;
    this.#events = new Uint8Array(maxConversations * MAX_EVENTS);
  }

  /** The slot's connection is another one. */
  reset(slot: number): void {
    this.#words.fill(0, this.#wordOf(slot), this.#wordOf(slot) + WORDS);
  }

  /** The slot's connection ended. */
  forget(slot: number): void {
    this.#doubts.forget(slot);
    this.#holes.forget(directionOf(slot, 0));
    this.#holes.forget(directionOf(slot, 1));
  }

  /** Index of a slot's first word. */
  #wordOf(slot: number): number {
    return (slot * this.#stride + this.#at) * 2;
  }

  /** Notes a packet of one side, 0 or 1. */
  note(slot: number, side: number, packet: Readonly<Packet>): void {
    const { tcpFlags, payloadLengthBytes } = packet;
    const event = BY_FLAGS[(tcpFlags & 31) + (payloadLengthBytes > 0 ? 32 : 0)]!;
    if (event !== NOTHING) this.#add(slot, side, event);
    if ((tcpFlags & RST) !== 0) return;
    if (packet.tcpWindow === 0) this.#noteZeroWindow(slot, side);
    if (!this.#followNext(slot, side, packet)) this.#follow(slot, side, packet);
  }

  /**
   * Follows a packet that is the next one of its direction and acknowledges no more than was seen, as most do; returns false, and changes
   * nothing, for any other packet.
   */
  #followNext(slot: number, side: number, packet: Readonly<Packet>): boolean {
    const { tcpFlags, tcpSequence } = packet;
    const words = this.#words;
    const at = this.#wordOf(slot);
    const isPlain = (tcpFlags & (SYN | FIN | ACK)) === ACK;
    if (!isPlain || this.#bytes[at * 4 + Byte.Known] !== BOTH_KNOWN) return false;
    if (words[at + Word.Next + side] !== (tcpSequence | 0)) return false;
    const ahead = ((packet.tcpAcknowledgement | 0) - words[at + Word.Next + (side ^ 1)]!) | 0;
    if (ahead > 0 || (this.#bytes[at * 4 + Byte.Holes]! | this.#bytes[at * 4 + Byte.Holes + 1]!) !== 0) return false;
    words[at + Word.Next + side] = (tcpSequence + packet.payloadLengthBytes) | 0;
    return true;
  }

  /** Bytes of a side's direction that were acknowledged and not captured, since they were last taken. */
  takeMissed(slot: number, side: number): number {
    const at = slot * this.#stride + this.#at + MISSED + side;
    const missed = this.#numbers[at]!;
    this.#numbers[at] = 0;
    return missed;
  }

  /** The events so far. */
  events(slot: number): Uint8Array {
    const at = slot * MAX_EVENTS;
    return this.#events.subarray(at, at + this.#bytes[this.#wordOf(slot) * 4 + Byte.Length]!);
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

  /** Notes an event at its first time. */
  #add(slot: number, side: number, event: number): void {
    const noted = event | (side << 4);
    const at = this.#wordOf(slot) + Word.Seen;
    if ((this.#words[at]! & (1 << noted)) !== 0) return;
    this.#words[at]! |= 1 << noted;
    this.#append(slot, noted);
  }

  #append(slot: number, noted: number): void {
    this.#events[slot * MAX_EVENTS + this.#bytes[this.#wordOf(slot) * 4 + Byte.Length]!++] = noted;
  }

  /** Notes an event at its first, tenth, hundredth … time, as Zeek does. */
  #count(slot: number, side: number, event: number): void {
    const times = ++this.#words[this.#wordOf(slot) + Word.Counts + (event - Event.Retransmission) * 2 + side]!;
    if (times === 1) this.#add(slot, side, event);
    else if (isPowerOfTen(times) && this.#bytes[this.#wordOf(slot) * 4 + Byte.Length]! < MAX_REPEATING) {
      this.#append(slot, event | (side << 4));
    }
  }

  /** A window of zero says something as long as the other side may still send. */
  #noteZeroWindow(slot: number, side: number): void {
    const other = side ^ 1;
    const ended = (1 << (Event.Fin | (other << 4))) | (1 << (Event.Rst | (side << 4)));
    if ((this.#words[this.#wordOf(slot) + Word.Seen]! & ended) === 0) this.#count(slot, side, Event.ZeroWindow);
  }

  /** Follows the sequence numbers of the packet's direction, and what it acknowledges of the other one. */
  #follow(slot: number, side: number, packet: Readonly<Packet>): void {
    const { tcpFlags, payloadLengthBytes } = packet;
    const words = this.#words;
    const next = this.#wordOf(slot) + Word.Next + side;
    const known = this.#wordOf(slot) * 4 + Byte.Known;
    const bit = 1 << side;
    const counted = (tcpFlags & (SYN | FIN)) === 0 ? 0 : 1;
    const start = packet.tcpSequence | 0;
    const lengthBytes = payloadLengthBytes + counted;
    const end = (start + lengthBytes) | 0;
    if ((this.#bytes[known]! & bit) === 0) {
      this.#bytes[known]! |= bit;
      words[next] = end;
    } else {
      const expected = words[next]!;
      const ahead = (end - expected) | 0;
      const hole = ahead - lengthBytes;
      if (hole > 0) {
        if (!this.#doubts.believes(slot, side, hole, start, lengthBytes)) return;
        this.#addHole(slot, side, expected, start);
      } else {
        if (hole < 0) this.#takeHoles(slot, side, start, end);
        // Zeek counts any segment that ends at or before the next expected byte, out-of-order ones included. Those of one byte are omitted: most
        // are keep-alives.
        if (ahead <= 0 && payloadLengthBytes > 1) this.#count(slot, side, Event.Retransmission);
      }
      if (ahead > 0) words[next] = end;
    }
    if ((tcpFlags & ACK) !== 0) this.#acknowledge(slot, side ^ 1, packet.tcpAcknowledgement | 0);
  }

  /** A side's numbers `[start, end)` were skipped, but for those of a segment whose doubt has just ended. */
  #addHole(slot: number, side: number, start: number, end: number): void {
    const direction = directionOf(slot, side);
    const { confirmedBytes, confirmedStart } = this.#doubts;
    if (confirmedBytes === 0) this.#holes.add(direction, start, end);
    else {
      const confirmedEnd = (confirmedStart + confirmedBytes) | 0;
      if (((confirmedStart - start) | 0) > 0) this.#holes.add(direction, start, confirmedStart);
      if (confirmedEnd !== end) this.#holes.add(direction, confirmedEnd, end);
    }
    this.#noteHoles(slot, side);
  }

  /** Data of `side` was acknowledged up to `acknowledgement`: what was not captured before it is missed. */
  #acknowledge(slot: number, side: number, acknowledgement: number): void {
    const words = this.#words;
    const next = this.#wordOf(slot) + Word.Next + side;
    const known = this.#wordOf(slot) * 4 + Byte.Known;
    const bit = 1 << side;
    if ((this.#bytes[known]! & bit) === 0) {
      this.#bytes[known]! |= bit;
      words[next] = acknowledgement;
      return;
    }
    const ahead = (acknowledgement - words[next]!) | 0;
    let missed = 0;
    if (ahead > 0) {
      missed = ahead;
      if (ahead > MAX_SURE_BYTES) {
        if (!this.#doubts.believes(slot, side, ahead, acknowledgement, 0)) return;
        missed -= this.#doubts.confirmedBytes;
      }
      words[next] = acknowledgement;
    }
    missed += this.#takeHoles(slot, side, (acknowledgement - MAX_WINDOW) | 0, acknowledgement);
    if (missed === 0) return;
    this.#numbers[slot * this.#stride + this.#at + MISSED + side]! += missed;
    this.#count(slot, side, Event.Gap);
  }

  /** Takes the numbers `[start, end)` out of the holes of a side's direction, and returns how many of them were in some. */
  #takeHoles(slot: number, side: number, start: number, end: number): number {
    if (this.#bytes[this.#wordOf(slot) * 4 + Byte.Holes + side] === 0) return 0;
    const taken = this.#holes.take(directionOf(slot, side), start, end);
    this.#noteHoles(slot, side);
    return taken;
  }

  #noteHoles(slot: number, side: number): void {
    this.#bytes[this.#wordOf(slot) * 4 + Byte.Holes + side] = this.#holes.has(directionOf(slot, side)) ? 1 : 0;
  }
}

function directionOf(slot: number, side: number): number {
  return slot * 2 + side;
}

function isPowerOfTen(value: number): boolean {
  let power = 1;
  while (power < value) power *= 10;
  return power === value;
}

function eventOf(flags: number, hasData: boolean): number {
  const set = flags & (SYN | FIN | RST);
  if (set === (FIN | RST) || set === (FIN | RST | SYN)) return Event.Inconsistent;
  if (set === SYN) return (flags & ACK) === 0 ? Event.Syn : Event.SynAck;
  if (set === FIN) return Event.Fin;
  if (set === RST) return Event.Rst;
  if (set !== 0) return Event.MultipleFlags;
  if (hasData) return Event.Data;
  return (flags & ACK) === 0 ? NOTHING : Event.Ack;
}
