import { ByteSlot } from "./byte-slot.js";

/** A list-of-numbers field of a reused record, limited by the field's `max_items`. */
export class NumberList {
  readonly maxItems: number;
  readonly values: number[] = [];
  length = 0;
  overflowed = false;

  constructor(maxItems: number) {
    this.maxItems = maxItems;
    Object.preventExtensions(this);
  }

  reset(): void {
    this.length = 0;
    this.overflowed = false;
  }

  /** Appends an item; false if the list is full. */
  push(value: number): boolean {
    if (this.length === this.maxItems) {
      this.overflowed = true;
      return false;
    }
    this.values[this.length++] = value;
    return true;
  }
}

/**
 * A list-of-texts (or of bytes) field of a reused record. An item is written into {@link arena} and closed with
 * {@link endItem}; item `i` is `arena.bytes[ends[i - 1] ?? 0, ends[i])`.
 */
export class ByteList {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly arena: ByteSlot;
  readonly ends: number[] = [];
  length = 0;
  overflowed = false;

  /** `maxItems` items of at most `maxBytes` bytes each, and at most 64 KiB together. */
  constructor(maxItems: number, maxBytes: number) {
    this.maxItems = maxItems;
    this.maxBytes = maxBytes;
    this.arena = new ByteSlot(Math.min(maxItems * maxBytes, 65536));
    Object.preventExtensions(this);
  }

  /** Bytes of all items together. */
  get itemBytes(): number {
    return this.length === 0 ? 0 : this.ends[this.length - 1]!;
  }

  reset(): void {
    this.length = 0;
    this.overflowed = false;
    this.arena.reset();
  }

  /**
   * Closes the item whose bytes were appended to {@link arena}; false if the list is full and the item was omitted. Throws a
   * `RangeError` if the arena was set and not appended to, which overwrites earlier items.
   */
  endItem(): boolean {
    const start = this.itemBytes;
    if (this.arena.length < start)
      throw new RangeError("an item of a list must be appended to the arena; set overwrites earlier items");
    if (this.length === this.maxItems) {
      this.arena.length = start;
      this.overflowed = true;
      return false;
    }
    if (this.arena.length - start > this.maxBytes) {
      this.arena.length = start + this.maxBytes;
      this.overflowed = true;
    }
    if (this.arena.overflowed) this.overflowed = true;
    this.ends[this.length++] = this.arena.length;
    return true;
  }

  /** Appends `source[start, end)` as one item; false if the list is full. */
  push(source: Uint8Array, start: number, end: number): boolean {
    this.arena.append(source, start, end);
    return this.endItem();
  }

  /** Appends text as one item; false if the list is full. */
  pushText(text: string): boolean {
    this.arena.appendText(text);
    return this.endItem();
  }
}
