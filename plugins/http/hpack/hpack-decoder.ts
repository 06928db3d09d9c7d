import { DEFAULT_TABLE_SIZE, DynamicTable, ENTRY_OVERHEAD, MAX_TABLE_SIZE, UNKNOWN_NAME } from "./dynamic-table.js";
import { decodeHuffman } from "./huffman.js";
import type { MemoryBudget } from "./memory-budget.js";
import { STATIC_TABLE } from "./static-table.js";

/** Longest field block that is decoded, in bytes as they are sent. */
export const MAX_BLOCK_BYTES = 65536;
/** Largest list of fields that is handed over, counted as entries of a table are. */
export const MAX_LIST_SIZE = 65536;
/** Limit of octets that one block may insert: two bytes of a block can repeat a long name. */
const MAX_INSERTED = 4 * MAX_BLOCK_BYTES;

/** Where a block's fields go. The bytes are valid during the call only. */
export interface FieldSink {
  /** A field of the name `names[nameStart, nameEnd)` and the value `values[valueStart, valueEnd)`. */
  field(
    names: Uint8Array,
    nameStart: number,
    nameEnd: number,
    values: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void;
  /** A field that is not known: it stands in what was lost of the table, or is beyond {@link MAX_LIST_SIZE}. */
  unknownField(): void;
}

/**
 * Decoded strings of the current field: the name, then the value. Shared by all decoders, because a field is consumed before the next one is
 * read.
 */
const scratch = new Uint8Array(Math.ceil((MAX_BLOCK_BYTES * 8) / 5) + MAX_TABLE_SIZE);

/** Largest integer that is read; no length or index of a sound block is larger. */
const MAX_INTEGER = 2 ** 28;

/** Decodes the field blocks of one direction, in their order (RFC 7541). */
export class HpackDecoder {
  /** Largest table that the other side allows; larger ones are an error (RFC 7541, section 4.2). */
  sizeLimit = DEFAULT_TABLE_SIZE;
  readonly #table: DynamicTable;
  /** Where the next byte of the block is, -1 where the block is broken. */
  #at = 0;
  #scratchEnd = 0;
  #listSize = 0;
  #inserted = 0;
  /** Where the string that was read last is. */
  #string: Uint8Array = scratch;
  #stringStart = 0;
  #stringEnd = 0;

  constructor(budget: MemoryBudget) {
    this.#table = new DynamicTable(budget);
  }

  /** Decodes the block `bytes[start, end)`; false if it breaks the rules, and no later one can be decoded. */
  decode(bytes: Uint8Array, start: number, end: number, sink: FieldSink): boolean {
    this.#listSize = 0;
    this.#inserted = 0;
    this.#at = start;
    let mayResize = true;
    while (this.#at < end) {
      const byte = bytes[this.#at]!;
      if ((byte & 0xe0) === 0x20) {
        if (!mayResize || !this.#resize(bytes, end)) return false;
        continue;
      }
      mayResize = false;
      if ((byte & 0x80) !== 0) this.#readIndexed(bytes, end, sink);
      else if ((byte & 0x40) !== 0) this.#readLiteral(bytes, end, 0x3f, true, sink);
      else this.#readLiteral(bytes, end, 0x0f, false, sink);
      if (this.#at === -1 || this.#inserted > MAX_INSERTED) return false;
    }
    return true;
  }

  /** A block, or more, is not decoded: what it put in the table is not known. */
  forget(): void {
    this.#table.forget();
  }

  /** Gives the table's memory back. */
  release(): void {
    this.#table.release();
  }

  /** Dynamic table size update (RFC 7541, section 6.3). */
  #resize(bytes: Uint8Array, end: number): boolean {
    const size = this.#readInteger(bytes, end, 0x1f);
    if (size === -1 || size > this.sizeLimit) return false;
    this.#table.resize(size);
    return true;
  }

  /** Indexed field (section 6.1). */
  #readIndexed(bytes: Uint8Array, end: number, sink: FieldSink): void {
    const index = this.#readInteger(bytes, end, 0x7f);
    if (index <= 0) {
      this.#at = -1;
      return;
    }
    const entry = STATIC_TABLE[index - 1];
    if (entry !== undefined) {
      this.#hand(sink, entry.name, 0, entry.name.length, entry.value, 0, entry.value.length);
      return;
    }
    const table = this.#table;
    const place = index - STATIC_TABLE.length;
    if (place > table.count) {
      if (table.isPartial) sink.unknownField();
      else this.#at = -1;
      return;
    }
    const nameEnd = table.nameEndOf(place);
    if (nameEnd === UNKNOWN_NAME) sink.unknownField();
    else this.#hand(sink, table.bytes, table.startOf(place), nameEnd, table.bytes, nameEnd, table.endOf(place));
  }

  /** Literal field, with its name or the index of one in the `mask` of its first byte (section 6.2). */
  #readLiteral(bytes: Uint8Array, end: number, mask: number, isInserted: boolean, sink: FieldSink): void {
    this.#scratchEnd = 0;
    const index = this.#readInteger(bytes, end, mask);
    if (index === -1) return;
    if (index === 0) {
      if (!this.#readString(bytes, end)) return;
    } else if (!this.#takeName(index, isInserted)) return;
    const names = this.#string;
    const nameStart = this.#stringStart;
    const nameEnd = this.#stringEnd;
    if (!this.#readString(bytes, end)) return;
    const values = this.#string;
    const valueStart = this.#stringStart;
    const valueEnd = this.#stringEnd;
    if (nameStart === UNKNOWN_NAME) sink.unknownField();
    else this.#hand(sink, names, nameStart, nameEnd, values, valueStart, valueEnd);
    if (!isInserted) return;
    this.#inserted += nameEnd - nameStart + valueEnd - valueStart + ENTRY_OVERHEAD;
    if (this.#inserted <= MAX_INSERTED) this.#table.insert(names, nameStart, nameEnd, values, valueStart, valueEnd);
  }

  /** Takes the name of an entry for the string, for an entry of its own if `isInserted`; false if there is no such entry. */
  #takeName(index: number, isInserted: boolean): boolean {
    const entry = STATIC_TABLE[index - 1];
    if (entry !== undefined) {
      this.#string = entry.name;
      this.#stringStart = 0;
      this.#stringEnd = entry.name.length;
      return true;
    }
    const table = this.#table;
    const place = index - STATIC_TABLE.length;
    if (place > table.count && !table.isPartial) {
      this.#at = -1;
      return false;
    }
    const nameEnd = place > table.count ? UNKNOWN_NAME : table.nameEndOf(place);
    this.#string = table.bytes;
    this.#stringStart = nameEnd === UNKNOWN_NAME ? UNKNOWN_NAME : table.startOf(place);
    this.#stringEnd = nameEnd;
    if (nameEnd === UNKNOWN_NAME || !isInserted) return true;
    // The insertion may evict the entry of the name, and move its bytes.
    scratch.set(table.bytes.subarray(this.#stringStart, nameEnd));
    this.#string = scratch;
    this.#stringEnd = nameEnd - this.#stringStart;
    this.#stringStart = 0;
    this.#scratchEnd = this.#stringEnd;
    return true;
  }

  /** String literal (section 5.2); false if it is broken. */
  #readString(bytes: Uint8Array, end: number): boolean {
    const isHuffman = this.#at < end && (bytes[this.#at]! & 0x80) !== 0;
    const length = this.#readInteger(bytes, end, 0x7f);
    const start = this.#at;
    if (length === -1 || length > end - start) {
      this.#at = -1;
      return false;
    }
    this.#at = start + length;
    if (!isHuffman) {
      this.#string = bytes;
      this.#stringStart = start;
      this.#stringEnd = this.#at;
      return true;
    }
    this.#string = scratch;
    this.#stringStart = this.#scratchEnd;
    this.#stringEnd = decodeHuffman(bytes, start, this.#at, scratch, this.#scratchEnd);
    this.#scratchEnd = this.#stringEnd;
    if (this.#stringEnd !== -1) return true;
    this.#at = -1;
    return false;
  }

  /** Integer whose first bits are those of `mask` (section 5.1); -1 where it is broken off or beyond {@link MAX_INTEGER}. */
  #readInteger(bytes: Uint8Array, end: number, mask: number): number {
    if (this.#at >= end) {
      this.#at = -1;
      return -1;
    }
    let value = bytes[this.#at++]! & mask;
    if (value < mask) return value;
    for (let shift = 0; this.#at < end && shift <= 28; shift += 7) {
      const byte = bytes[this.#at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (value > MAX_INTEGER) break;
      if (byte < 0x80) return value;
    }
    this.#at = -1;
    return -1;
  }

  #hand(
    sink: FieldSink,
    names: Uint8Array,
    nameStart: number,
    nameEnd: number,
    values: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    this.#listSize += nameEnd - nameStart + valueEnd - valueStart + ENTRY_OVERHEAD;
    if (this.#listSize > MAX_LIST_SIZE) sink.unknownField();
    else sink.field(names, nameStart, nameEnd, values, valueStart, valueEnd);
  }
}
