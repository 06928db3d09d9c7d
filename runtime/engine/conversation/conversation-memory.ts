import { allocateAlignedNumbers } from "../../record/aligned-numbers.js";
import { WAITS } from "./wait.js";

/** 32-bit words of a slot. */
export const SLOT_WORDS = 32;
export const SLOT_NUMBERS = SLOT_WORDS / 2;
export const SLOT_BYTES = SLOT_WORDS * 4;

/** Offsets of a slot's words; see {@link ConversationMemory}. */
export const SlotWord = { FirstNode: 0, Tags: 2, Key: 8, SecondNode: 18, Links: 22, Openings: 25 } as const;

/** Offsets of its 64-bit numbers. */
export const SlotNumber = { Arrival: 10 } as const;

/** Offsets of its bytes. */
export const SlotByte = { Seen: 108, Client: 109, Application: 110, Opened: 111, TcpFlags: 112 } as const;

/**
 * State of each conversation, by slot, as 32-bit words, 64-bit numbers and bytes of one buffer. The state of a slot is contiguous, because
 * each packet reads most of it and with many conversations every separate location is a cache miss:
 *
 * ```
 * │ hash, next │ tags of both directions │ key │ hash, next │ arrival │ order │ initial numbers │ bytes │ unused │
 * 0            2                         8     18           20        22      25                27      29       32 words
 * ```
 *
 * `ConversationTable` owns the nodes, tags and key, and a byte with the directions seen; `SlotOrder` owns the links and the list of
 * the order. The arrival is that of the last packet, for timeouts; initial numbers belong to `TcpOpenings`.
 */
export class ConversationMemory {
  readonly capacity: number;
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly bytes: Uint8Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    // The ends of the lists follow the slots.
    this.numbers = allocateAlignedNumbers((capacity + WAITS) * SLOT_NUMBERS);
    const { buffer, byteOffset } = this.numbers;
    this.words = new Int32Array(buffer, byteOffset, this.numbers.length * 2);
    this.bytes = new Uint8Array(buffer, byteOffset, this.numbers.byteLength);
  }
}
