const encoder = new TextEncoder();

/**
 * A text or bytes field of a reused record: bytes in a buffer that belongs to the record, limited by the field's
 * `max_bytes`. Bytes beyond the limit are dropped, which sets {@link overflowed}.
 */
export class ByteSlot {
  readonly maxBytes: number;
  readonly bytes: Uint8Array;
  length = 0;
  /** True after the field has been given a value, even an empty one. */
  isPresent = false;
  overflowed = false;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.bytes = new Uint8Array(maxBytes);
    Object.preventExtensions(this);
  }

  reset(): void {
    this.length = 0;
    this.isPresent = false;
    this.overflowed = false;
  }

  /** Marks the field as present, so that an empty value is distinguished from no value. */
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

  /** Replaces the value by `source[start, end)`. In a text, bytes that are not UTF-8 are encoded as `?`. */
  set(source: Uint8Array, start: number, end: number): void {
    this.length = 0;
    this.append(source, start, end);
  }

  /** Appends `source[start, end)`. Throws a `RangeError` if `source` does not have these bytes. */
  append(source: Uint8Array, start: number, end: number): void {
    let count = end - start;
    if (count >>> 0 !== count || start < 0 || end > source.length) throw notInside(source, start, end);
    this.isPresent = true;
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

  /** Appends text, as UTF-8; a character that does not fit whole is omitted. */
  appendText(text: string): void {
    this.isPresent = true;
    const { read, written } = encoder.encodeInto(text, this.bytes.subarray(this.length));
    this.length += written;
    if (read < text.length) this.overflowed = true;
  }

  /** Appends a whole number below 2^53 in decimal digits. Throws a `RangeError` for another number. */
  appendNumber(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`${value} is not a number below 2^53`);
    if (value >= 10) this.appendNumber(Math.floor(value / 10));
    this.push(48 + (value % 10));
  }
}

function notInside({ length }: Uint8Array, start: number, end: number): RangeError {
  return new RangeError(
    `bytes from ${start} to ${end} are not within the ${length} bytes that the value is taken from`,
  );
}
