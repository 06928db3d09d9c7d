import { FirstFragment } from "./first-fragment.js";
import { FragmentTable } from "./fragment-table.js";
import { type FragmentedDatagram, Placement } from "./fragmented-datagram.js";
import { Layer } from "./layer.js";
import { BUILT_IN_LAYERS, type LayerTable } from "./layer-table.js";
import { Packet } from "./packet.js";
import { walkLayers } from "./walk-layers.js";

const MAX_PAYLOAD_BYTES = 65535;
const MAX_HEADER_BYTES = 60;

/** Limits of datagrams in reassembly; times are those of the capture. */
export interface FragmentLimits {
  readonly maxDatagrams: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** Counters of fragmented datagrams. */
export interface FragmentCounters {
  reassembled: number;
  /** A fragment did not arrive in time, or not before the end of the input. */
  incomplete: number;
  /** Fragments overlapped, or stated different lengths. */
  contradictory: number;
  /** Given up, oldest first, because a limit was reached. */
  evicted: number;
}

/**
 * Reassembles IPv4 and IPv6 datagrams from their fragments.
 *
 * A fragment whose bytes have all arrived before is ignored. A fragment that partly overlaps others ends the datagram: over IPv6 with all its
 * later fragments (RFC 5722, section 4; RFC 8200, section 4.5), over IPv4 as in Linux since 4.20, where later fragments begin
 * another datagram.
 */
export class Defragmenter {
  readonly counters: FragmentCounters = { reassembled: 0, incomplete: 0, contradictory: 0, evicted: 0 };
  readonly #limits: FragmentLimits;
  readonly #onIncomplete: (packet: Packet) => void;
  readonly #layers: LayerTable;
  readonly #datagrams = new FragmentTable();
  /** The datagram that began last; it may no longer wait. */
  #newest: FragmentedDatagram | undefined;
  /** The datagrams wait in the order in which they time out. */
  #areInOrder = true;
  /** No datagram times out before this time. */
  #deadline = Number.POSITIVE_INFINITY;
  #costBytes = 0;
  readonly #whole = new Uint8Array(MAX_HEADER_BYTES + MAX_PAYLOAD_BYTES);

  /** `onIncomplete` receives the arrived part of a datagram that is given up, as a truncated packet, if its first fragment arrived. */
  constructor(
    limits: FragmentLimits,
    onIncomplete: (packet: Packet) => void = () => undefined,
    layers: LayerTable = BUILT_IN_LAYERS,
  ) {
    this.#limits = limits;
    this.#onIncomplete = onIncomplete;
    this.#layers = layers;
  }

  /**
   * Processes a fragment. Returns true if it completes its datagram: the packet then describes the whole datagram, in a buffer that the next
   * call overwrites, and its layers are decoded. A later fragment gets the ports of the first one if that has arrived.
   */
  add(packet: Packet): boolean {
    const { fragmentOffset, fragmentStart, networkEnd } = packet;
    let lengthBytes = networkEnd - fragmentStart;
    // Linux truncates an odd IPv4 fragment; over IPv6 it is an error (RFC 8200, section 4.5).
    if (packet.hasMoreFragments && (lengthBytes & 7) !== 0) {
      if (packet.ipVersion === 6) return false;
      lengthBytes &= ~7;
    }
    const end = fragmentOffset + lengthBytes;
    if (lengthBytes <= 0 || end > MAX_PAYLOAD_BYTES || packet.isTruncated) return false;

    const known = this.#datagrams.find(packet);
    const isLate = known !== undefined && packet.arrival >= this.#deadlineOf(known);
    if (isLate) this.#giveUp(known, this.#deadlineOf(known));
    const datagram = known === undefined || isLate ? this.#begin(packet) : known;
    if (datagram.isAbandoned) return false;
    const before = datagram.costBytes;
    const placement = datagram.add(fragmentOffset, end, !packet.hasMoreFragments, packet.bytes, fragmentStart);
    this.#costBytes += datagram.costBytes - before;
    if (placement !== Placement.Kept) {
      const isRepeated =
        placement === Placement.Duplicate || (packet.ipVersion === 4 && datagram.covers(fragmentOffset, end));
      if (!isRepeated) this.#contradict(datagram, packet.ipVersion);
      return false;
    }
    if (fragmentOffset === 0) datagram.first = new FirstFragment(packet);
    const { first } = datagram;
    if (first !== undefined) {
      packet.srcPort = first.srcPort;
      packet.dstPort = first.dstPort;
      if (datagram.isComplete) {
        this.#remove(datagram);
        this.counters.reassembled++;
        restoreDatagram(packet, datagram, first, datagram.lengthBytes, this.#whole);
        walkLayers(packet, this.#whole, Layer.Ip, this.#layers);
        return true;
      }
    }
    this.#makeRoom(packet.certainArrival);
    return false;
  }

  /** Gives up the datagrams whose timeout has passed at `now`. Call it before each packet, with the packet's certain arrival. */
  advance(now: number): void {
    if (now < this.#deadline) return;
    let next = Number.POSITIVE_INFINITY;
    const due: FragmentedDatagram[] = [];
    for (const datagram of this.#datagrams.values()) {
      const deadline = this.#deadlineOf(datagram);
      if (deadline <= now) due.push(datagram);
      else next = Math.min(next, deadline);
      // They are in the order in which they began, so the first one that is not due is the next.
      if (deadline > now && this.#areInOrder) break;
    }
    if (!this.#areInOrder) due.sort((left, right) => left.since - right.since);
    this.#deadline = next;
    if (next === Number.POSITIVE_INFINITY) this.#areInOrder = true;
    for (const datagram of due) this.#giveUp(datagram, this.#deadlineOf(datagram));
  }

  /** The last packet's clock jump was wrong: it arrived at `now` at the latest. */
  rewind(now: number): void {
    const newest = this.#newest;
    if (newest === undefined || newest.since <= now) return;
    newest.since = now;
    this.#deadline = Math.min(this.#deadline, this.#deadlineOf(newest));
  }

  /** The input ended at `now`. */
  finish(now: number): void {
    for (const datagram of this.#datagrams.values()) this.#giveUp(datagram, now);
  }

  #deadlineOf({ since }: FragmentedDatagram): number {
    return since + this.#limits.timeoutMs * 1e6;
  }

  #giveUp(datagram: FragmentedDatagram, at: number): void {
    if (!datagram.isAbandoned) this.counters.incomplete++;
    this.#end(datagram, at);
  }

  /** Passes on the arrived part of a datagram, as a packet that arrives at `at`. */
  #end(datagram: FragmentedDatagram, at: number): void {
    this.#remove(datagram);
    const { first } = datagram;
    if (first === undefined || datagram.isAbandoned) return;
    const packet = new Packet();
    first.writeTo(packet);
    // The other buffer may belong to the current packet.
    const bytes = new Uint8Array(first.header.length + datagram.contiguousBytes);
    restoreDatagram(packet, datagram, first, datagram.contiguousBytes, bytes);
    walkLayers(packet, bytes, Layer.Ip, this.#layers);
    packet.isTruncated = true;
    packet.arrival = at;
    packet.certainArrival = at;
    this.#onIncomplete(packet);
  }

  #begin(packet: Packet): FragmentedDatagram {
    const datagram = this.#datagrams.insert(packet.arrival);
    this.#costBytes += datagram.costBytes;
    if (this.#newest !== undefined && datagram.since < this.#newest.since) this.#areInOrder = false;
    this.#newest = datagram;
    this.#deadline = Math.min(this.#deadline, this.#deadlineOf(datagram));
    return datagram;
  }

  #contradict(datagram: FragmentedDatagram, ipVersion: number): void {
    this.counters.contradictory++;
    if (ipVersion === 4) {
      this.#remove(datagram);
      return;
    }
    const before = datagram.costBytes;
    datagram.abandon();
    this.#costBytes += datagram.costBytes - before;
  }

  #makeRoom(now: number): void {
    if (this.#hasRoom) return;
    for (const datagram of this.#datagrams.values()) {
      if (!datagram.isAbandoned) this.counters.evicted++;
      this.#end(datagram, now);
      if (this.#hasRoom) return;
    }
  }

  get #hasRoom(): boolean {
    const { maxDatagrams, maxBytes } = this.#limits;
    return this.#datagrams.size <= maxDatagrams && this.#costBytes <= maxBytes;
  }

  #remove(datagram: FragmentedDatagram): void {
    this.#datagrams.remove(datagram);
    this.#costBytes -= datagram.costBytes;
  }
}

/**
 * Sets the packet to the datagram, in the buffer `whole`, before its layers are decoded: IP header, then the first `lengthBytes` of its
 * payload.
 */
function restoreDatagram(
  packet: Packet,
  datagram: FragmentedDatagram,
  first: FirstFragment,
  lengthBytes: number,
  whole: Uint8Array,
): void {
  const { header } = first;
  whole.set(header);
  datagram.write(whole, header.length, lengthBytes);
  const end = header.length + lengthBytes;
  packet.isFragment = false;
  packet.hasMoreFragments = false;
  packet.fragmentOffset = 0;
  packet.bytes = whole;
  if (packet.ipVersion === 4) {
    // A header of 20 bytes and less than 65536 bytes in all; a longer packet would not fit IPv4's length field.
    const totalBytes = Math.min(end, MAX_PAYLOAD_BYTES);
    whole[2] = totalBytes >> 8;
    whole[3] = totalBytes;
    whole[6] = 0;
    whole[7] = 0;
    writeIpv4Checksum(whole, header.length);
  } else {
    whole[4] = lengthBytes >> 8;
    whole[5] = lengthBytes;
    whole[6] = first.protocol;
  }
  packet.start = 0;
  packet.end = end;
  packet.payloadLengthBytes = end;
}

/** Corrects the checksum of the header `bytes[0, end)` after its length changed (RFC 1071). */
function writeIpv4Checksum(bytes: Uint8Array, end: number): void {
  bytes[10] = 0;
  bytes[11] = 0;
  let sum = 0;
  for (let at = 0; at < end; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes[10] = ~sum >> 8;
  bytes[11] = ~sum;
}
