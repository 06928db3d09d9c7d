/** Maximum number of rows in a column batch: DuckDB's vector size. */
export const COLUMN_CAPACITY = 2048;

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Numbers of up to 32 bits, doubles, and booleans as 0 and 1. `valid[i]` is 0 if row `i` does not have a value. */
export class NumberColumn<Values extends NumberArray = NumberArray> {
  readonly values: Values;
  readonly kind = "number";
  readonly valid = new Uint8Array(COLUMN_CAPACITY);
  constructor(values: Values) {
    this.values = values;
  }
}

/**
 * Values of `width` 32-bit words each, least significant word first: 64-bit numbers (2 words) and 128-bit ones (4).
 * An IPv4 address is its IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2), and one that is itself of that form has 96 leading one bits;
 * a UUID is its 16 bytes as one number.
 */
export class WordColumn {
  readonly width: 2 | 4;
  readonly kind = "words";
  readonly valid = new Uint8Array(COLUMN_CAPACITY);
  readonly words: Uint32Array;
  constructor(width: 2 | 4, capacity = COLUMN_CAPACITY) {
    this.width = width;
    this.words = new Uint32Array(width * capacity);
  }
}

/** Texts and bytes as slices of the batch's bytes: row `i` is `bytes[starts[i], starts[i] + lengths[i])`. */
export class SliceColumn {
  /** True for text, whose bytes the reader has verified as UTF-8. */
  readonly isText: boolean;
  readonly kind = "slices";
  readonly valid = new Uint8Array(COLUMN_CAPACITY);
  readonly starts = new Uint32Array(COLUMN_CAPACITY);
  readonly lengths = new Uint32Array(COLUMN_CAPACITY);
  constructor(isText: boolean) {
    this.isText = isText;
  }
}

/** Items of a list column: item `j` of row `i` is at `starts[i] + j`. */
export class NumberListColumn {
  readonly kind = "numberList";
  readonly starts = new Uint32Array(COLUMN_CAPACITY);
  readonly lengths = new Uint32Array(COLUMN_CAPACITY);
  items: NumberArray;
  itemCount = 0;
  constructor(items: NumberArray) {
    this.items = items;
  }

  /** Appends an item to the row whose {@link lengths} entry is being counted. */
  push(value: number): void {
    if (this.itemCount === this.items.length) {
      const Items = this.items.constructor as new (length: number) => NumberArray;
      const grown = new Items(this.items.length * 2);
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.itemCount++] = value;
  }
}

/** A list-of-texts (or of bytes) column; the items are slices of the batch's bytes. */
export class SliceListColumn {
  /** True for text, whose bytes the reader has verified as UTF-8. */
  readonly isText: boolean;
  readonly kind = "sliceList";
  readonly starts = new Uint32Array(COLUMN_CAPACITY);
  readonly lengths = new Uint32Array(COLUMN_CAPACITY);
  itemStarts = new Uint32Array(COLUMN_CAPACITY);
  itemLengths = new Uint32Array(COLUMN_CAPACITY);
  itemCount = 0;
  constructor(isText: boolean) {
    this.isText = isText;
  }

  /** Appends the item `bytes[start, start + length)`. */
  push(start: number, length: number): void {
    if (this.itemCount === this.itemStarts.length) {
      this.itemStarts = doubled(this.itemStarts);
      this.itemLengths = doubled(this.itemLengths);
    }
    this.itemStarts[this.itemCount] = start;
    this.itemLengths[this.itemCount++] = length;
  }
}

/** A list of addresses or 64-bit values; items are `width` words each, as in {@link WordColumn}. */
export class WordListColumn {
  readonly width: 2 | 4;
  readonly kind = "wordList";
  readonly starts = new Uint32Array(COLUMN_CAPACITY);
  readonly lengths = new Uint32Array(COLUMN_CAPACITY);
  words: Uint32Array;
  itemCount = 0;
  constructor(width: 2 | 4) {
    this.width = width;
    this.words = new Uint32Array(width * COLUMN_CAPACITY);
  }

  /** Makes room for one more item and returns the index of its first word. */
  reserveItem(): number {
    const at = this.itemCount * this.width;
    if (at === this.words.length) this.words = doubled(this.words);
    this.itemCount++;
    return at;
  }
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(array.length * 2);
  grown.set(array);
  return grown;
}

export type PhysicalColumn =
  | NumberColumn
  | WordColumn
  | SliceColumn
  | NumberListColumn
  | SliceListColumn
  | WordListColumn;

/** Rows of one event as columns; slices point into {@link bytes}. Reused. */
export interface ColumnBatch {
  bytes: Uint8Array;
  rowCount: number;
  /** In the order of the event table's columns. */
  readonly columns: readonly PhysicalColumn[];
}
