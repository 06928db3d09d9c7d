import { IpProtocol } from "../../packet/ip-protocol.js";
import type { Packet } from "../../packet/packet.js";
import { TcpFlag } from "../../packet/tcp-flag.js";
import type { Payload } from "../../plugin/hooks.js";
import { Timestamp } from "../../record/timestamp.js";

/** Maximum number of kept segments of one connection, and of their bytes. */
const MAX_SEGMENTS = 8;
const MAX_BYTES = 16 * 1024;
/** Maximum bytes of all connections. */
const MAX_TOTAL_BYTES = 16 * 1024 * 1024;
/** Bytes before the payload in a segment's buffer, for its addresses. */
const ADDRESSES_BYTES = 32;
/** Memory of a segment beyond its payload. */
const SEGMENT_COST_BYTES = 256;

/** A data segment that waits until its connection's protocol is known. */
export interface FirstSegment {
  readonly isFromLower: boolean;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  /** Space for two addresses, then the captured bytes of the payload. */
  readonly buffer: Uint8Array;
  readonly payloadLengthBytes: number;
  readonly isTruncated: boolean;
  readonly time: Timestamp;
  readonly arrival: number;
  readonly frameNumber: number;
}

interface Held {
  readonly segments: FirstSegment[];
  /** Side whose first bytes are too few, or have not arrived. */
  readonly isLower: boolean;
  costBytes: number;
}

/**
 * The first data segments of connections that cannot be recognized by a single segment: the first bytes are too few, or the segments came
 * out of order. Segments are kept in the order in which they arrived until there are enough, within limits; the connections that have waited
 * longest are evicted first.
 */
export class FirstSegments {
  readonly #held = new Map<number, Held>();
  readonly #onEvicted: (slot: number) => void;
  #totalBytes = 0;

  /** `onEvicted` is called with each conversation whose segments were evicted. */
  constructor(onEvicted: (slot: number) => void) {
    this.#onEvicted = onEvicted;
  }

  /** Whether segments of the conversation in `slot` are kept. */
  has(slot: number): boolean {
    return this.#held.size > 0 && this.#held.has(slot);
  }

  /** Whether they are kept because of this side's first bytes. */
  isAwaited(slot: number, isLower: boolean): boolean {
    return this.#held.get(slot)?.isLower === isLower;
  }

  /** Keeps the packet's segment; if the limits are exceeded, discards all segments of the conversation and returns false. */
  add(slot: number, packet: Readonly<Packet>): boolean {
    const { bytes, start, end, isFromLower } = packet;
    const held = this.#held.get(slot) ?? { segments: [], isLower: isFromLower, costBytes: 0 };
    const cost = end - start + SEGMENT_COST_BYTES;
    if (held.segments.length === MAX_SEGMENTS || held.costBytes + cost > MAX_BYTES) {
      this.drop(slot);
      return false;
    }
    const buffer = new Uint8Array(ADDRESSES_BYTES + end - start);
    buffer.set(bytes.subarray(start, end), ADDRESSES_BYTES);
    const time = new Timestamp();
    time.copy(packet.time);
    held.segments.push({
      isFromLower,
      sequence: packet.tcpSequence,
      acknowledgement: packet.tcpAcknowledgement,
      flags: packet.tcpFlags,
      buffer,
      payloadLengthBytes: packet.payloadLengthBytes,
      isTruncated: packet.isTruncated,
      time,
      arrival: packet.arrival,
      frameNumber: packet.frameNumber,
    });
    held.costBytes += cost;
    this.#totalBytes += cost;
    this.#held.set(slot, held);
    this.#makeRoom();
    return true;
  }

  /**
   * The bytes of the packet's direction from number `first` on, as far as they have arrived without a gap, including the packet's own; the
   * packet's
   * payload alone if none are kept, or if it does not continue them.
   */
  join(slot: number, packet: Readonly<Packet>, first: number): Payload {
    const held = this.#held.get(slot);
    if (held === undefined) return packet;
    const parts = held.segments
      .filter(({ isFromLower }) => isFromLower === packet.isFromLower)
      .map(({ sequence, flags, buffer, payloadLengthBytes }) => ({
        ahead: (dataSequence(sequence, flags) - first) | 0,
        bytes: buffer.subarray(ADDRESSES_BYTES),
        lengthBytes: payloadLengthBytes,
      }));
    if (parts.length === 0) return packet;
    const ahead = (dataSequence(packet.tcpSequence, packet.tcpFlags) - first) | 0;
    const own = packet.bytes.subarray(packet.start, packet.end);
    parts.push({ ahead, bytes: own, lengthBytes: packet.payloadLengthBytes });
    parts.sort((a, b) => a.ahead - b.ahead);
    const joined = new Uint8Array(parts.reduce((sum, { bytes }) => sum + bytes.length, 0));
    let end = 0;
    for (const part of parts) {
      if (part.ahead > end) break;
      const added = part.bytes.subarray(end - part.ahead);
      joined.set(added, end);
      end += added.length;
      if (part.bytes.length < part.lengthBytes) break;
    }
    return ahead < end ? { bytes: joined, start: 0, end, ipProtocol: IpProtocol.Tcp } : packet;
  }

  /** Removes and returns the kept segments of a conversation, in the order in which they arrived. */
  take(slot: number): readonly FirstSegment[] {
    const segments = this.#held.get(slot)?.segments ?? [];
    this.drop(slot);
    return segments;
  }

  /** Discards the segments of the conversation in `slot`. */
  drop(slot: number): void {
    if (this.#held.size === 0) return;
    this.#totalBytes -= this.#held.get(slot)?.costBytes ?? 0;
    this.#held.delete(slot);
  }

  #makeRoom(): void {
    for (const slot of this.#held.keys()) {
      if (this.#totalBytes <= MAX_TOTAL_BYTES) return;
      this.drop(slot);
      this.#onEvicted(slot);
    }
  }
}

/** Sequence number of the first data byte: a SYN takes the number before it (RFC 9293, section 3.4). */
export function dataSequence(sequence: number, flags: number): number {
  return (sequence + ((flags & TcpFlag.Syn) === 0 ? 0 : 1)) | 0;
}

/** Fills `packet`, which has the endpoints of its conversation, with the addresses in the segment's bytes and its other values. */
export function writeFirstSegment(segment: FirstSegment, packet: Packet): void {
  const { buffer } = segment;
  const { bytes, srcAddressStart, dstAddressStart, addressLength } = packet;
  buffer.set(bytes.subarray(srcAddressStart, srcAddressStart + addressLength), 0);
  buffer.set(bytes.subarray(dstAddressStart, dstAddressStart + addressLength), ADDRESSES_BYTES / 2);
  packet.bytes = buffer;
  packet.srcAddressStart = 0;
  packet.dstAddressStart = ADDRESSES_BYTES / 2;
  packet.start = ADDRESSES_BYTES;
  packet.end = buffer.length;
  packet.payloadLengthBytes = segment.payloadLengthBytes;
  packet.isTruncated = segment.isTruncated;
  packet.tcpFlags = segment.flags;
  packet.tcpSequence = segment.sequence;
  packet.tcpAcknowledgement = segment.acknowledgement;
  packet.time.copy(segment.time);
  packet.arrival = segment.arrival;
  packet.certainArrival = Math.min(segment.arrival, packet.certainArrival);
  packet.frameNumber = segment.frameNumber;
}
