/** Maximum number of packets in one block. */
export const BLOCK_CAPACITY = 4096;

const NO_BYTES = new Uint8Array(0);

/**
 * Packets as columns: packet `i` is `bytes[offsets[i], offsets[i] + capturedLengths[i])`. Reused by its source:
 * valid until the next call of `PacketSource.read`.
 */
export class PacketBlock {
  bytes: Uint8Array = NO_BYTES;
  count = 0;
  readonly offsets = new Uint32Array(BLOCK_CAPACITY);
  readonly capturedLengths = new Uint32Array(BLOCK_CAPACITY);
  /** Lengths on the wire, in bytes. */
  readonly originalLengths = new Uint32Array(BLOCK_CAPACITY);
  /** Nanoseconds since the Unix epoch, upper and lower 32 bits. */
  readonly timesHigh = new Uint32Array(BLOCK_CAPACITY);
  readonly timesLow = new Uint32Array(BLOCK_CAPACITY);
  /** Indexes into the source's interfaces. */
  readonly interfaceIndexes = new Uint16Array(BLOCK_CAPACITY);
  /**
   * Number of each packet in its source, from 1, as Wireshark numbers frames. A column, not a counter of the consumer, because a
   * filtered source leaves gaps. Doubles, because a live source may exceed 2^32 packets.
   */
  readonly frameNumbers = new Float64Array(BLOCK_CAPACITY);
  /** VLAN tags that the kernel removed from the frames: TPID in the upper, TCI in the lower 16 bits; 0 for none. */
  readonly vlanTags = new Uint32Array(BLOCK_CAPACITY);

  /** Copies the columns of packet `from` over those of packet `to`. */
  movePacket(from: number, to: number): void {
    this.offsets[to] = this.offsets[from]!;
    this.capturedLengths[to] = this.capturedLengths[from]!;
    this.originalLengths[to] = this.originalLengths[from]!;
    this.timesHigh[to] = this.timesHigh[from]!;
    this.timesLow[to] = this.timesLow[from]!;
    this.interfaceIndexes[to] = this.interfaceIndexes[from]!;
    this.frameNumbers[to] = this.frameNumbers[from]!;
    this.vlanTags[to] = this.vlanTags[from]!;
  }
}

/** One interface of a source: an interface of this host, a capture file, or an interface described in a pcapng file. */
export interface CaptureInterface {
  readonly name: string;
  /** LINKTYPE_ value as registered by the Tcpdump Group. */
  readonly linkType: number;
}
