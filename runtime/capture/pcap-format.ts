import { BLOCK_CAPACITY, type CaptureInterface, type PacketBlock } from "../packet/packet-block.js";
import { Timestamp } from "../record/timestamp.js";
import { WireloomError } from "../wireloom-error.js";
import { type BlockBuffer, MAX_PACKET_BYTES } from "./block-buffer.js";
import type { CaptureFormat } from "./capture-format.js";

/** Length of the file header. */
export const PCAP_HEADER_BYTES = 24;

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
/** Microseconds in Alexey Kuznetzov's variant, whose record headers are 8 bytes longer. */
const KUZNETZOV = 0xa1b2cd34;

/** Whether the four bytes at the start of `view` are a magic number of pcap in the given byte order. */
export function isPcap(view: DataView, littleEndian: boolean): boolean {
  const magic = view.getUint32(0, littleEndian);
  return magic === MICROSECONDS || magic === NANOSECONDS || magic === KUZNETZOV;
}

/** The pcap file format (draft-ietf-opsawg-pcap), in both byte orders, with microseconds or nanoseconds. */
export class PcapFormat implements CaptureFormat {
  readonly #name: string;
  readonly #littleEndian: boolean;
  readonly interfaces: readonly CaptureInterface[];
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  problem: WireloomError | undefined;
  readonly #recordHeaderBytes: number;
  readonly #nanosecondsPerUnit: number;
  readonly #time = new Timestamp();

  /** Consumes the complete file header from the buffer. */
  constructor(name: string, interfaceName: string, buffer: BlockBuffer, littleEndian: boolean) {
    this.#name = name;
    this.#littleEndian = littleEndian;
    const magic = buffer.view.getUint32(buffer.start, littleEndian);
    this.#recordHeaderBytes = magic === KUZNETZOV ? 24 : 16;
    this.#nanosecondsPerUnit = magic === NANOSECONDS ? 1 : 1000;
    // The upper half of the field describes the frame check sequence.
    const linkType = buffer.view.getUint32(buffer.start + 20, littleEndian) & 0xffff;
    this.interfaces = [{ name: interfaceName, linkType }];
    buffer.start += PCAP_HEADER_BYTES;
  }

  index(buffer: BlockBuffer, block: PacketBlock): number {
    const { view, end } = buffer;
    const { counters } = this;
    const littleEndian = this.#littleEndian;
    const recordHeaderBytes = this.#recordHeaderBytes;
    const time = this.#time;
    let at = buffer.start;
    let count = block.count;
    let needed = recordHeaderBytes;
    while (count < BLOCK_CAPACITY && end - at >= recordHeaderBytes) {
      const capturedLength = view.getUint32(at + 8, littleEndian);
      if (capturedLength > MAX_PACKET_BYTES) {
        this.problem = this.#absurdLength(capturedLength, buffer.positionOf(at));
        break;
      }
      needed = recordHeaderBytes + capturedLength;
      if (end - at < needed) break;
      time.set(view.getUint32(at, littleEndian), view.getUint32(at + 4, littleEndian) * this.#nanosecondsPerUnit);
      block.offsets[count] = at + recordHeaderBytes;
      block.capturedLengths[count] = capturedLength;
      block.originalLengths[count] = view.getUint32(at + 12, littleEndian);
      block.timesHigh[count] = time.high;
      block.timesLow[count] = time.low;
      block.interfaceIndexes[count] = 0;
      block.frameNumbers[count] = ++counters.packets;
      counters.bytes += capturedLength;
      count++;
      at += needed;
      needed = recordHeaderBytes;
    }
    buffer.start = at;
    block.count = count;
    block.bytes = buffer.bytes;
    return needed;
  }

  #absurdLength(lengthBytes: number, position: number): WireloomError {
    return new WireloomError(
      "invalid_capture",
      `${this.#name} is damaged: packet ${this.counters.packets + 1} at byte ${position} claims ${lengthBytes} captured bytes; ` +
        "the packets before it were read",
    );
  }
}
