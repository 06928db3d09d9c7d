import { isUtf8 } from "../bytes/utf8.js";
import { WireloomError } from "../wireloom-error.js";

const TWO_32 = 4294967296;
/** The upper half of 2^53. */
const TWO_21 = 2097152;
/** Converts eight bytes at a time into a double. */
const doubles = new Float64Array(1);
const doubleBytes = new Uint8Array(doubles.buffer);

/** Reads protobuf's wire format from untrusted bytes; every read is bounds-checked. */
export class WireCursor {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  end = 0;
  /** Lower and upper half of the value read by {@link varint64} and {@link fixed64}. */
  low = 0;
  high = 0;

  /** Starts on `bytes[start, end)`. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** A varint's lower 32 bits, unsigned; protobuf cuts longer ones. */
  varint32(): number {
    const bytes = this.bytes;
    let at = this.position;
    if (at < this.end) {
      const first = bytes[at]!;
      if (first < 128) {
        this.position = at + 1;
        return first;
      }
      if (at + 1 < this.end) {
        const second = bytes[++at]!;
        if (second < 128) {
          this.position = at + 1;
          return (first & 127) | (second << 7);
        }
      }
    }
    this.varint64();
    return this.low;
  }

  /** A 64-bit varint into {@link low} and {@link high}. */
  varint64(): void {
    const bytes = this.bytes;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) throw malformed("a number ends early", this.position);
      const byte = bytes[this.position++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else if (shift < 63) high |= bits << (shift - 32);
      else high |= bits << 31;
      if (byte < 128) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw malformed("a number is longer than ten bytes", this.position);
  }

  /** An unsigned 64-bit varint as a number; exact below 2^53. */
  varintNumber(): number {
    this.varint64();
    return this.high * TWO_32 + this.low;
  }

  /** An unsigned 64-bit varint: a number below 2^53, else a bigint. */
  uint64(): number | bigint {
    this.varint64();
    return this.high < TWO_21 ? this.high * TWO_32 + this.low : (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  /** A signed 64-bit varint: a number of less than 53 bits, else a bigint. */
  int64(): number | bigint {
    this.varint64();
    const high = this.high | 0;
    return high >= -TWO_21 && high < TWO_21 ? high * TWO_32 + this.low : (BigInt(high) << 32n) | BigInt(this.low);
  }

  /** A zigzag-coded 32-bit number. */
  zigzag32(): number {
    const value = this.varint32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** 64 bits, little-endian, into {@link low} and {@link high}. */
  fixed64(): void {
    const at = this.#take(8);
    const bytes = this.bytes;
    this.low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
    this.high = (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24)) >>> 0;
  }

  double(): number {
    const at = this.#take(8);
    for (let i = 0; i < 8; i++) doubleBytes[i] = this.bytes[at + i]!;
    return doubles[0]!;
  }

  /** A length prefix whose bytes are all present; {@link position} is then the first of them. */
  length(): number {
    const length = this.varint32();
    if (length > this.end - this.position) throw malformed("a value is longer than what holds it", this.position);
    return length;
  }

  /** Returns a number that is in the range of its field's type; throws for others. */
  inRange(value: number, minimum: number, maximum: number, field: string): number {
    if (value < minimum || value > maximum)
      this.refuse(field, `is ${value} where its type has ${minimum} to ${maximum}`);
    return value;
  }

  /** Throws because the number in {@link low} and {@link high} is not in the range of its field's type. */
  refuseWords(field: string, isSigned: boolean, minimum: bigint, maximum: bigint): never {
    const value = (BigInt(this.high) << 32n) | BigInt(this.low);
    this.refuse(field, `is ${isSigned ? BigInt.asIntN(64, value) : value} where its type has ${minimum} to ${maximum}`);
  }

  /** Throws because of an invalid or missing value; `problem` follows the field's name in the message. */
  refuse(field: string, problem: string): never {
    throw malformed(`${field} ${problem},`, this.position);
  }

  /** Throws because of a value or an item longer than the field's `max_bytes`. */
  refuseLength(field: string, length: number, maxBytes: number): never {
    throw malformed(`${field} has ${length} bytes where ${maxBytes} are the most,`, this.position);
  }

  /** Checks that `bytes[position, position + length)` is UTF-8. */
  checkText(length: number, field: string): void {
    const bytes = this.bytes;
    const end = this.position + length;
    for (let i = this.position; i < end; i++) {
      if (bytes[i]! > 127) {
        if (isUtf8(bytes, i, end)) return;
        throw malformed(`${field} is not UTF-8`, this.position);
      }
    }
  }

  /** Skips the value of an unknown field. */
  skip(tag: number): void {
    if (tag < 8) throw malformed("field number 0", this.position);
    switch (tag & 7) {
      case 0:
        this.varint64();
        break;
      case 1:
        this.#take(8);
        break;
      case 2: {
        const length = this.length();
        this.position += length;
        break;
      }
      case 5:
        this.#take(4);
        break;
      default:
        throw malformed(`wire type ${tag & 7}`, this.position);
    }
  }

  /** Throws unless a length is that of an address, 4 or 16 bytes. */
  checkAddress(length: number, field: string): void {
    if (length !== 4 && length !== 16) throw malformed(`${field} is an address of ${length} bytes`, this.position);
  }

  /** Throws unless a value has the length of its type. */
  checkLength(length: number, expected: number, field: string): void {
    if (length !== expected)
      throw malformed(`${field} has ${length} bytes where its type has ${expected}`, this.position);
  }

  #take(count: number): number {
    const at = this.position;
    if (count > this.end - at) throw malformed("a value ends early", at);
    this.position = at + count;
    return at;
  }
}

function malformed(what: string, position: number): WireloomError {
  return new WireloomError(
    "malformed_row_group",
    `malformed rows: ${what} at byte ${position}; send the wire form of repeated events`,
  );
}
