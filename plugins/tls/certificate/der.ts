/** Tags of universal types (X.690, section 8); a constructed one has bit 6 set. */
export const DerTag = {
  Boolean: 0x01,
  Integer: 0x02,
  BitString: 0x03,
  OctetString: 0x04,
  ObjectIdentifier: 0x06,
  Utf8String: 0x0c,
  NumericString: 0x12,
  PrintableString: 0x13,
  TeletexString: 0x14,
  Ia5String: 0x16,
  UtcTime: 0x17,
  GeneralizedTime: 0x18,
  VisibleString: 0x1a,
  UniversalString: 0x1c,
  BmpString: 0x1e,
  Sequence: 0x30,
  Set: 0x31,
} as const;

/**
 * Walks over the elements that follow each other in `bytes[at, end)`, in the distinguished encoding rules (X.690, section 10):
 *
 * ```
 *   ┌─────┬────────┬─────────┬─────┬────────┬─────────┐
 *   │ tag │ length │ content │ tag │ length │ content │
 *   └─────┴────────┴─────────┴─────┴────────┴─────────┘
 *   elementStart    start     end
 * ```
 */
export class DerReader {
  /** Tag of the element that {@link next} found, and where it begins, its content begins, and it ends. */
  tag = 0;
  elementStart = 0;
  start = 0;
  end = 0;
  readonly bytes: Uint8Array;
  #limit: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.end = at;
    this.#limit = end;
  }

  /** Moves to the next element; false at the end, and where what follows is not a whole element. */
  next(): boolean {
    const { bytes } = this;
    const at = this.end;
    if (at + 2 > this.#limit) return false;
    const tag = bytes[at]!;
    // Tags of more than one byte do not occur in certificates.
    if ((tag & 0x1f) === 0x1f) return false;
    let length = bytes[at + 1]!;
    let start = at + 2;
    if (length >= 0x80) {
      const size = length & 0x7f;
      if (size === 0 || size > 4 || start + size > this.#limit) return false;
      length = 0;
      for (let i = 0; i < size; i++) length = length * 256 + bytes[start + i]!;
      start += size;
    }
    if (start + length > this.#limit) return false;
    this.tag = tag;
    this.elementStart = at;
    this.start = start;
    this.end = start + length;
    return true;
  }

  /** Moves to the next element if it has this tag; otherwise stays and returns false. */
  nextIf(tag: number): boolean {
    if (this.end >= this.#limit || this.bytes[this.end] !== tag) return false;
    return this.next();
  }

  /** Whether no element follows. */
  get isAtEnd(): boolean {
    return this.end >= this.#limit;
  }

  /** A reader of the elements in the content of the current element. */
  content(): DerReader {
    return new DerReader(this.bytes, this.start, this.end);
  }
}
