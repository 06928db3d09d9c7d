import type { CaptureInterface, PacketBatch } from "../packet/packet-batch.js";
import type { WireloomError } from "../wireloom-error.js";
import type { BlockBuffer } from "./block-buffer.js";
import type { SourceCounters } from "./packet-source.js";

/** How packets lie in a capture file; one object reads one file. */
export interface CaptureFormat {
  readonly interfaces: readonly CaptureInterface[];
  readonly counters: SourceCounters;
  /** Set when the file turns out damaged: nothing more is indexed. */
  readonly problem: WireloomError | undefined;
  /**
   * Appends the whole packets of the buffer to the batch and moves `buffer.start` after them. Returns how many bytes the next
   * record needs to be whole; without meaning when the batch is full.
   */
  index(buffer: BlockBuffer, batch: PacketBatch): number;
}
