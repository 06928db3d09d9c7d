import { allocateAlignedNumbers } from "../../record/aligned-numbers.js";
import { WAITS } from "./wait.js";

/** Words of 32 bits of a slot. */
export const SLOT_WORDS = 32;
export const SLOT_NUMBERS = SLOT_WORDS / 2;
export const SLOT_BYTES = SLOT_WORDS * 4;

/** Where a slot's words are, from its first one; see {@link ConversationMemory}. */
export const SlotWord = { FirstNode: 0, Tags: 2, Key: 8, SecondNode: 18, Links: 22, Openings: 25 } as const;

/** Where its 64-bit numbers are. */
export const SlotNumber = { Arrival: 10 } as const;

/** Where its bytes are. */
export const SlotByte = { Seen: 108, Client: 109, Application: 110, Opened: 111, TcpFlags: 112 } as const;

/**
 * What is known of each conversation, by slot, as words, as 64-bit numbers and as bytes of the same memory. What belongs to a slot stands
 * together, because each packet reads most of it, and of many conversations each place that is read is one that no cache has:
 *
 * ```
 * │ hash, next │ tags of both directions │ key │ hash, next │ arrival │ order │ initial numbers │ bytes │ unused │
 * 0            2                         8     18           20        22      25                27      29       32 words
 * ```
 *
 * The nodes, tags and the key are those of `ConversationTable`, which says in a byte, too, which directions it has seen; links and list of
 * the order are those of `SlotOrder`. The arrival is that of the last packet, as its timeout counts; numbers are those of `TcpOpenings`.
 */
export class ConversationMemory {
  readonly capacity: number;
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly bytes: Uint8Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    // After the slots come the ends of the lists.
    this.numbers = allocateAlignedNumbers((capacity + WAITS) * SLOT_NUMBERS);
    const { buffer, byteOffset } = this.numbers;
    this.words = new Int32Array(buffer, byteOffset, this.numbers.length * 2);
    this.bytes = new Uint8Array(buffer, byteOffset, this.numbers.byteLength);
  }
}
