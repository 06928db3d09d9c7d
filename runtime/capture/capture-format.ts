import type { CaptureInterface, PacketBlock } from "../packet/packet-block.js";
import type { WireloomError } from "../wireloom-error.js";
import type { BlockBuffer } from "./block-buffer.js";
import type { SourceCounters } from "./packet-source.js";

/** Reader of the packets in a capture file; one object reads one file. */
export interface CaptureFormat {
  readonly interfaces: readonly CaptureInterface[];
  readonly counters: SourceCounters;
  /** Set when the file is found to be damaged: nothing more is indexed. */
  readonly problem: WireloomError | undefined;
  /**
   * Appends the complete packets of the buffer to the block and moves `buffer.start` after them. Returns the number of bytes that the next
   * record needs to be complete; the value has no meaning when the block is full.
   */
  index(buffer: BlockBuffer, block: PacketBlock): number;
}
