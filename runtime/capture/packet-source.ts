import type { CaptureInterface, PacketBatch } from "../packet/packet-batch.js";

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
