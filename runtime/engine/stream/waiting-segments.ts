import type { Packet } from "../../packet/packet.js";

/** Memory of a segment beyond its bytes, so that the number of small ones is limited too. */
const SEGMENT_COST_BYTES = 128;

/** A segment, or a part of one, that arrived before the bytes that precede it. */
export class WaitingSegment {
  /** Sequence number of its first byte. */
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /** Number of missing bytes after the captured ones: the capture did not keep them, or the decoder skipped them. */
  readonly missing: number;
  readonly #timeHigh: number;
  readonly #timeLow: number;
  readonly #frameNumber: number;
  /** Acknowledgment number that its sender sent with it. */
  readonly acknowledgement: number;

  constructor(sequence: number, bytes: Uint8Array, missing: number, packet: Readonly<Packet>) {
    this.sequence = sequence;
    this.bytes = bytes;
    this.missing = missing;
    this.#timeHigh = packet.time.high;
    this.#timeLow = packet.time.low;
    this.#frameNumber = packet.frameNumber;
    this.acknowledgement = packet.tcpAcknowledgement;
  }

  /** Memory of the segment. */
  get costBytes(): number {
    return this.bytes.length + SEGMENT_COST_BYTES;
  }

  /** Sets the time and number of `packet` to those of the packet that brought the segment. */
  writeTime(packet: Packet): void {
    packet.time.high = this.#timeHigh;
    packet.time.low = this.#timeLow;
    packet.frameNumber = this.#frameNumber;
  }
}

/**
 * Segments of one direction that wait for preceding bytes, in the order of the stream and without overlap: bytes that arrived first are
 * kept.
 */
export class WaitingSegments {
  readonly #segments: WaitingSegment[] = [];
  /** Captured bytes that wait, and the memory of all segments. */
  lengthBytes = 0;

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  /** The first segment in the order of the stream. */
  get first(): WaitingSegment | undefined {
    return this.#segments[0];
  }

  /**
   * Keeps a copy of those parts of the packet's payload, whose first byte has number `sequence`, that do not wait yet. For parts that end
   * before `wantedFrom` it records only that they arrived.
   */
  add(sequence: number, packet: Readonly<Packet>, wantedFrom: number): void {
    const segments = this.#segments;
    const lengthBytes = Math.max(packet.payloadLengthBytes, packet.end - packet.start);
    const stop = (sequence + lengthBytes) | 0;
    let index = this.#indexAfter(sequence);
    let at = index > 0 ? later(sequence, endOf(segments[index - 1]!)) : sequence;
    while (((stop - at) | 0) > 0) {
      const next = segments[index];
      const until = next === undefined || ((next.sequence - stop) | 0) > 0 ? stop : next.sequence;
      if (((until - at) | 0) > 0) this.#insert(index++, sequence, at, until, packet, wantedFrom);
      if (next === undefined) return;
      at = later(at, endOf(next));
      index++;
    }
  }

  /** Adds a segment, unless it overlaps one that waits. */
  put(segment: WaitingSegment): void {
    const segments = this.#segments;
    const index = this.#indexAfter(segment.sequence);
    const before = segments[index - 1];
    const after = segments[index];
    if (before !== undefined && ((endOf(before) - segment.sequence) | 0) > 0) return;
    if (after !== undefined && ((endOf(segment) - after.sequence) | 0) > 0) return;
    segments.splice(index, 0, segment);
    this.lengthBytes += segment.costBytes;
  }

  /** Removes and returns the first segment. */
  shift(): WaitingSegment | undefined {
    const segment = this.#segments.shift();
    if (segment !== undefined) this.lengthBytes -= segment.costBytes;
    return segment;
  }

  clear(): void {
    this.#segments.length = 0;
    this.lengthBytes = 0;
  }

  /** Number of segments that begin at or before `sequence`; searches from the end, because most segments come in order. */
  #indexAfter(sequence: number): number {
    const segments = this.#segments;
    let index = segments.length;
    while (index > 0 && ((segments[index - 1]!.sequence - sequence) | 0) > 0) index--;
    return index;
  }

  /** Inserts the part `[from, until)` of the packet's payload, which begins at `sequence`. */
  #insert(
    index: number,
    sequence: number,
    from: number,
    until: number,
    packet: Readonly<Packet>,
    wantedFrom: number,
  ): void {
    const length = (until - from) | 0;
    const start = packet.start + ((from - sequence) | 0);
    const isWanted = ((until - wantedFrom) | 0) > 0;
    const captured = isWanted ? Math.max(0, Math.min(packet.end - start, length)) : 0;
    const bytes = captured === 0 ? NO_BYTES : packet.bytes.slice(start, start + captured);
    this.#segments.splice(index, 0, new WaitingSegment(from, bytes, length - captured, packet));
    this.lengthBytes += captured + SEGMENT_COST_BYTES;
  }
}

const NO_BYTES = new Uint8Array(0);

function endOf(segment: WaitingSegment): number {
  return (segment.sequence + segment.bytes.length + segment.missing) | 0;
}

/** The later of two sequence numbers less than 2^31 apart (RFC 9293, section 3.4). */
function later(a: number, b: number): number {
  return ((a - b) | 0) > 0 ? a : b;
}
