/** Packets in one batch at most. */
export const BATCH_CAPACITY = 4096;

const NO_BYTES = new Uint8Array(0);

/**
 * Packets as columns: packet `i` is `bytes[offsets[i], offsets[i] + capturedLengths[i])`. Reused by its source:
 * valid until the next call of {@link PacketSource.read}.
 */
export class PacketBatch {
  bytes: Uint8Array = NO_BYTES;
  count = 0;
  readonly offsets = new Uint32Array(BATCH_CAPACITY);
  readonly capturedLengths = new Uint32Array(BATCH_CAPACITY);
  /** Lengths on the wire, in bytes. */
  readonly originalLengths = new Uint32Array(BATCH_CAPACITY);
  /** Nanoseconds since the Unix epoch, upper and lower 32 bits. */
  readonly timesHigh = new Uint32Array(BATCH_CAPACITY);
  readonly timesLow = new Uint32Array(BATCH_CAPACITY);
  /** Indexes into {@link PacketSource.interfaces}. */
  readonly interfaceIndexes = new Uint16Array(BATCH_CAPACITY);
  /**
   * Place of each packet in its source, from 1, as Wireshark numbers frames. A column, not a counter of the consumer, because a
   * filtered source leaves gaps. Doubles, because a live source may pass 2^32 packets.
   */
  readonly frameNumbers = new Float64Array(BATCH_CAPACITY);
  /** VLAN tags that the kernel took out of the frames: TPID in the upper, TCI in the lower 16 bits; 0 for none. */
  readonly vlanTags = new Uint32Array(BATCH_CAPACITY);

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

/** What a source counted since it was opened. */
export interface SourceCounters {
  packets: number;
  bytes: number;
  /** Packets that matched but were lost before this process saw them (kernel or ring). */
  dropped: number;
}

/** Where packets come from. */
export interface PacketSource {
  /** What people call it: a path or an interface name. */
  readonly name: string;
  /** May grow while a capture file is read. */
  readonly interfaces: readonly CaptureInterface[];
  readonly counters: SourceCounters;
  /** What is wrong with the part of the input after the last good packet, if anything; set by the end of input. */
  readonly problem: Error | undefined;
  /**
   * The next packets, null at the end of the input or once `signal` is aborted. An idle live source returns an empty batch
   * at least every 100 ms, so that timeouts move on.
   */
  read(signal: AbortSignal): Promise<PacketBatch | null>;
  /** Brings {@link counters} up to date between two reads, where the source must ask for them. */
  updateCounters?(): void;
  close(): Promise<void>;
}

/** How far a source with a known end has come, in bytes of input. */
export interface SourceProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
}
