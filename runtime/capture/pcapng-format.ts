import { BLOCK_CAPACITY, type PacketBlock } from "../packet/packet-block.js";
import { WireloomError } from "../wireloom-error.js";
import { type BlockBuffer, MAX_PACKET_BYTES } from "./block-buffer.js";
import type { CaptureFormat } from "./capture-format.js";
import { type PcapngInterface, readPcapngDrops, readPcapngInterface } from "./pcapng-interface.js";

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Type, length, and length again after the body. */
const FRAME_BYTES = 12;
/** A packet, its options and its frame. */
const MAX_BLOCK_BYTES = MAX_PACKET_BYTES + 1024 * 1024;
const MAX_INTERFACES = 65536;

/** Whether `view`, of at least 4 bytes, starts with a section header block, whose type is the same in both byte orders. */
export function isPcapng(view: DataView): boolean {
  return view.getUint32(0) === SECTION_HEADER;
}

/**
 * The pcapng file format (draft-ietf-opsawg-pcapng) with several sections, each in its own byte order, and several interfaces.
 * Enhanced, simple and obsolete packet blocks are packets; blocks of other types are skipped.
 *
 * ```
 * ┌──────┬────────┬───────────────┬────────┐
 * │ type │ length │ body          │ length │
 * └──────┴────────┴───────────────┴────────┘
 * 0      4        8          length - 4  length
 * ```
 */
export class PcapngFormat implements CaptureFormat {
  readonly #name: string;
  readonly #fallbackInterfaceName: string;
  readonly interfaces: PcapngInterface[] = [];
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  problem: WireloomError | undefined;
  #littleEndian = true;
  /** Index of the first interface of the section in {@link interfaces}. */
  #firstInterface = 0;

  constructor(name: string, fallbackInterfaceName: string) {
    this.#name = name;
    this.#fallbackInterfaceName = fallbackInterfaceName;
  }

  index(buffer: BlockBuffer, packets: PacketBlock): number {
    const { view, end } = buffer;
    let at = buffer.start;
    let needed = FRAME_BYTES;
    packets.bytes = buffer.bytes;
    while (packets.count < BLOCK_CAPACITY && end - at >= FRAME_BYTES) {
      if (view.getUint32(at) === SECTION_HEADER && !this.#beginSection(view, at)) {
        this.#fail(buffer, at, "its section header has no byte-order magic");
        break;
      }
      const lengthBytes = view.getUint32(at + 4, this.#littleEndian);
      if (lengthBytes < FRAME_BYTES || lengthBytes % 4 !== 0 || lengthBytes > MAX_BLOCK_BYTES) {
        this.#fail(buffer, at, `its length of ${lengthBytes} bytes is impossible`);
        break;
      }
      needed = lengthBytes;
      if (end - at < lengthBytes) break;
      if (view.getUint32(at + lengthBytes - 4, this.#littleEndian) !== lengthBytes) {
        this.#fail(buffer, at, "its two length fields differ");
        break;
      }
      const fault = this.#readBlock(view, at, lengthBytes, packets);
      if (fault !== undefined) {
        this.#fail(buffer, at, fault);
        break;
      }
      at += lengthBytes;
      needed = FRAME_BYTES;
    }
    buffer.start = at;
    return needed;
  }

  /** Sets the byte order of the section at `at`; false if it is invalid. Earlier interfaces belong to another section. */
  #beginSection(view: DataView, at: number): boolean {
    this.#littleEndian = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
    this.#firstInterface = this.interfaces.length;
    return this.#littleEndian || view.getUint32(at + 8) === BYTE_ORDER_MAGIC;
  }

  /** Reads one complete block; returns what is wrong with it, if anything. */
  #readBlock(view: DataView, at: number, lengthBytes: number, packets: PacketBlock): string | undefined {
    const bodyStart = at + 8;
    const bodyEnd = at + lengthBytes - 4;
    const littleEndian = this.#littleEndian;
    switch (view.getUint32(at, littleEndian)) {
      case ENHANCED_PACKET:
        if (bodyEnd - bodyStart < 20) return "it is too short for a packet";
        return this.#addTimedPacket(view, bodyStart, bodyEnd, view.getUint32(bodyStart, littleEndian), packets);
      case OBSOLETE_PACKET:
        if (bodyEnd - bodyStart < 20) return "it is too short for a packet";
        return this.#addTimedPacket(view, bodyStart, bodyEnd, view.getUint16(bodyStart, littleEndian), packets);
      case SIMPLE_PACKET:
        return this.#addSimplePacket(view, bodyStart, bodyEnd, packets);
      case INTERFACE_DESCRIPTION:
        if (bodyEnd - bodyStart < 8) return "it is too short for an interface";
        if (this.interfaces.length === MAX_INTERFACES) return `it describes more than ${MAX_INTERFACES} interfaces`;
        this.interfaces.push(readPcapngInterface(view, bodyStart, bodyEnd, littleEndian, this.#fallbackInterfaceName));
        return undefined;
      case INTERFACE_STATISTICS:
        this.#takeStatistics(view, bodyStart, bodyEnd);
        return undefined;
      default:
        return undefined;
    }
  }

  /** Enhanced and obsolete packet blocks: interface at 0, time at 4 and 8, captured and original length at 12 and 16, data at 20. */
  #addTimedPacket(view: DataView, start: number, end: number, id: number, packets: PacketBlock): string | undefined {
    const littleEndian = this.#littleEndian;
    const interfaceIndex = this.#firstInterface + id;
    const from = this.interfaces[interfaceIndex];
    if (from === undefined) return `it names interface ${id}, which its section does not describe`;
    const capturedLength = view.getUint32(start + 12, littleEndian);
    if (capturedLength > end - start - 20) return `it claims ${capturedLength} captured bytes, more than it holds`;
    const high = view.getUint32(start + 4, littleEndian);
    const low = view.getUint32(start + 8, littleEndian);
    from.time.store(packets, packets.count, high, low);
    this.#add(packets, start + 20, capturedLength, view.getUint32(start + 16, littleEndian), interfaceIndex);
    return undefined;
  }

  /** Simple packet blocks: original length at 0, data at 4; they belong to the first interface and have no time. */
  #addSimplePacket(view: DataView, start: number, end: number, packets: PacketBlock): string | undefined {
    if (end - start < 4) return "it is too short for a packet";
    const from = this.interfaces[this.#firstInterface];
    if (from === undefined) return "it contains a packet, but its section does not describe an interface";
    const originalLength = view.getUint32(start, this.#littleEndian);
    const limit = from.snapLength === 0 ? originalLength : Math.min(originalLength, from.snapLength);
    if (limit > end - start - 4) return `it claims ${limit} captured bytes, more than it holds`;
    packets.timesHigh[packets.count] = 0;
    packets.timesLow[packets.count] = 0;
    this.#add(packets, start + 4, limit, originalLength, this.#firstInterface);
    return undefined;
  }

  #add(packets: PacketBlock, offset: number, capturedLength: number, originalLength: number, index: number): void {
    const i = packets.count++;
    packets.offsets[i] = offset;
    packets.capturedLengths[i] = capturedLength;
    packets.originalLengths[i] = originalLength;
    packets.interfaceIndexes[i] = index;
    packets.frameNumbers[i] = ++this.counters.packets;
    this.counters.bytes += capturedLength;
  }

  /** A statistics block reports the packets dropped since the interface was opened, so the latest block is valid. */
  #takeStatistics(view: DataView, start: number, end: number): void {
    if (end - start < 12) return;
    const from = this.interfaces[this.#firstInterface + view.getUint32(start, this.#littleEndian)];
    const dropped = readPcapngDrops(view, start + 12, end, this.#littleEndian);
    if (from === undefined || dropped === undefined) return;
    // The field may have any 64-bit number.
    const within = Math.min(dropped, Number.MAX_SAFE_INTEGER);
    this.counters.dropped = Math.min(this.counters.dropped + within - from.dropped, Number.MAX_SAFE_INTEGER);
    from.dropped = within;
  }

  #fail(buffer: BlockBuffer, at: number, fault: string): void {
    this.problem = new WireloomError(
      "invalid_capture",
      `${this.#name} is damaged: the block at byte ${buffer.positionOf(at)}, after packet ${this.counters.packets}: ${fault}; ` +
        "the packets before it were read",
    );
  }
}
