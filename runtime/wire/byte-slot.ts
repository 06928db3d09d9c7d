const encoder = new TextEncoder();

/**
 * A text or bytes field of a reused record: bytes in a buffer that belongs to the record, bounded by the field's
 * `max_bytes`. What goes beyond the bound is cut and remembered in {@link overflowed}.
 */
export class ByteSlot {
  readonly bytes: Uint8Array;
  length = 0;
  /** True once the field has been given a value, even an empty one. */
  isPresent = false;
  overflowed = false;

  constructor(readonly maxBytes: number) {
    this.bytes = new Uint8Array(maxBytes);
  }

  reset(): void {
    this.length = 0;
    this.isPresent = false;
    this.overflowed = false;
  }

  /** Marks the field as present, so that an empty value is told from no value. */
  markPresent(): void {
    this.isPresent = true;
  }

  /** Appends one byte. */
  push(byte: number): void {
    this.isPresent = true;
    if (this.length === this.maxBytes) {
      this.overflowed = true;
      return;
    }
    this.bytes[this.length++] = byte;
  }

  /** Replaces the value by `source[start, end)`. In a text, what is not UTF-8 is encoded as `?`. */
  set(source: Uint8Array, start: number, end: number): void {
    this.length = 0;
    this.append(source, start, end);
  }

  /** Appends `source[start, end)`. */
  append(source: Uint8Array, start: number, end: number): void {
    this.isPresent = true;
    let count = end - start;
    if (count > this.maxBytes - this.length) {
      count = this.maxBytes - this.length;
      this.overflowed = true;
    }
    const target = this.bytes;
    const at = this.length;
    if (count > 64) target.set(source.subarray(start, start + count), at);
    else for (let i = 0; i < count; i++) target[at + i] = source[start + i]!;
    this.length = at + count;
  }

  /** Replaces the value by text, as UTF-8. */
  setText(text: string): void {
    this.length = 0;
    this.appendText(text);
  }

  /** Appends text, as UTF-8; a character that does not fit whole is left out. */
  appendText(text: string): void {
    this.isPresent = true;
    const { read, written } = encoder.encodeInto(text, this.bytes.subarray(this.length));
    this.length += written;
    if (read < text.length) this.overflowed = true;
  }

  /** Appends a non-negative whole number in decimal digits. */
  appendNumber(value: number): void {
    if (value >= 10) this.appendNumber(Math.floor(value / 10));
    this.push(48 + (value % 10));
  }
}
