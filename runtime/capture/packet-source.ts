import type { CaptureInterface, PacketBlock } from "../packet/packet-block.js";

/** Counters of a source since it was opened. */
export interface SourceCounters {
  packets: number;
  bytes: number;
  /** Packets that matched but were lost before this process read them (kernel or ring). */
  dropped: number;
}

/** A source of packets. */
export interface PacketSource {
  /** Display name: a path or an interface name. */
  readonly name: string;
  /** May grow while a capture file is read. */
  readonly interfaces: readonly CaptureInterface[];
  readonly counters: SourceCounters;
  /** Problem with the input after the last valid packet, if any; set when the input ends. */
  readonly problem: Error | undefined;
  /**
   * The next packets, null at the end of the input or after `signal` is aborted. An idle live source returns an empty block
   * at least every 100 ms, so that timeouts are processed.
   */
  read(signal: AbortSignal): Promise<PacketBlock | null>;
  /** Updates {@link counters} between two reads, if the source has to query them. */
  updateCounters?(): void;
  close(): Promise<void>;
}

/** Progress of a source with a known end, in bytes of input. */
export interface SourceProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
}
