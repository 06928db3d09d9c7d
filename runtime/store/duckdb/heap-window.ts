import duckdb from "@duckdb/node-bindings";
import { processMemory } from "./process-memory.js";

/** Bytes that a window shows. They count as memory of JavaScript until it is collected, although they are the database's. */
const WINDOW_BYTES = 64 << 10;
const TWO_32 = 4294967296;

/**
 * A view of the database's memory that moves to the next text: texts of a vector are close to each other, and copying each of them
 * is five times as slow. Only the bytes of texts are read, because the rest of a window may not be mapped.
 */
export class HeapWindow {
  /** What the window shows, valid as long as the chunk whose texts are read. */
  bytes: Buffer = Buffer.alloc(0);
  #address = 0;

  /** Moves the window to a text, unless it is in it, and returns where in {@link bytes} the text begins. Its address is in two words. */
  find(lowWord: number, highWord: number, length: number): number {
    // A user-space address is below 2^48.
    const address = highWord * TWO_32 + lowWord;
    const offset = address - this.#address;
    if (offset >= 0 && offset + length <= this.bytes.length) return offset;
    this.#address = address;
    this.bytes = Buffer.from(bytesAt(lowWord, highWord, length));
    return 0;
  }
}

function bytesAt(lowWord: number, highWord: number, length: number): ArrayBuffer {
  const pointer = Uint32Array.of(lowWord, highWord);
  if (processMemory === undefined) {
    const copy = duckdb.get_data_from_pointer(pointer.buffer, 0, length);
    return copy.buffer.slice(copy.byteOffset, copy.byteOffset + length) as ArrayBuffer;
  }
  return processMemory.viewAt(new BigUint64Array(pointer.buffer)[0]!, Math.max(length, WINDOW_BYTES));
}
