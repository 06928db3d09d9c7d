import {
  COLUMN_CAPACITY,
  type ColumnBatch,
  NumberColumn,
  NumberListColumn,
  type PhysicalColumn,
  SliceColumn,
  SliceListColumn,
  WordColumn,
  WordListColumn,
} from "../../record/columns.js";
import type { Column } from "../../schema/event-table.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import { isSlice, STORAGE_WORDS, type StorageForm } from "../../schema/storage-form.js";
import type { Row, ScalarValue } from "../../schema/value.js";

/*
 * Rows of test events. As those of plugins they are items of a repeated field 1; within an item each column has
 *
 *   ┌─────────┬───────────────────────────────┐
 *   │ count   │ values, `count` of them       │   count: 4 bytes; a column without a value has 0
 *   └─────────┴───────────────────────────────┘
 *
 * A value is 8 bytes of a double, the words of a number, or 4 bytes of length and the bytes of a text.
 */

const ROWS_TAG = 10;
const ARRAYS: Readonly<
  Partial<
    Record<
      StorageForm,
      typeof Uint8Array | typeof Uint16Array | typeof Uint32Array | typeof Int32Array | typeof Float64Array
    >
  >
> = {
  bool: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f64: Float64Array,
};

/** An empty batch of these columns. */
export function createColumns(columns: readonly Column[]): ColumnBatch {
  return { bytes: new Uint8Array(0), rowCount: 0, columns: columns.map(createColumn) };
}

function createColumn({ type, isList }: Column): PhysicalColumn {
  const { storage } = SEMANTIC_TYPES[type];
  const width = STORAGE_WORDS[storage];
  if (width !== undefined) return isList ? new WordListColumn(width) : new WordColumn(width);
  if (isSlice(storage)) return isList ? new SliceListColumn(storage === "text") : new SliceColumn(storage === "text");
  const values = new ARRAYS[storage]!(COLUMN_CAPACITY);
  return isList ? new NumberListColumn(values) : new NumberColumn(values);
}

/** The wire form of rows. */
export function encodeRows(columns: readonly Column[], rows: readonly Row[]): Uint8Array {
  const items = rows.map((row) => {
    const item = Buffer.concat(row.flatMap((value, i) => encodeColumn(columns[i]!, value as ScalarValue)));
    return Buffer.concat([Buffer.of(ROWS_TAG), varint(item.length), item]);
  });
  return new Uint8Array(Buffer.concat(items));
}

function encodeColumn({ type, isList }: Column, value: ScalarValue | readonly ScalarValue[]): Buffer[] {
  const values = isList ? (value as readonly ScalarValue[]) : value === null ? [] : [value as ScalarValue];
  const { storage } = SEMANTIC_TYPES[type];
  return [uint32(values.length), ...values.flatMap((one) => encodeValue(storage, one))];
}

function encodeValue(storage: StorageForm, value: ScalarValue): Buffer[] {
  const width = STORAGE_WORDS[storage];
  if (width !== undefined) {
    const number =
      typeof value === "string"
        ? BigInt(`0x${value.replaceAll("-", "")}`)
        : BigInt.asUintN(width * 32, value as bigint);
    return Array.from({ length: width }, (_, i) => uint32(Number((number >> BigInt(i * 32)) & 0xffffffffn)));
  }
  if (isSlice(storage)) {
    const bytes = Buffer.from(value as string);
    return [uint32(bytes.length), bytes];
  }
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(Number(value));
  return [bytes];
}

/** Replaces the batch's rows by the next ones of `bytes[start, end)`, and returns where the rest starts. */
export function readRows(
  columns: readonly Column[],
  bytes: Uint8Array,
  start: number,
  end: number,
  batch: ColumnBatch,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  let row = 0;
  const take = (): number => {
    const word = view.getUint32(at, true);
    at += 4;
    return word;
  };
  const readValue = (physical: PhysicalColumn): void => {
    switch (physical.kind) {
      case "number":
        physical.values[row] = view.getFloat64(at, true);
        at += 8;
        return;
      case "numberList":
        physical.push(view.getFloat64(at, true));
        at += 8;
        return;
      case "words":
        for (let word = 0; word < physical.width; word++) physical.words[row * physical.width + word] = take();
        return;
      case "wordList": {
        const first = physical.reserveItem();
        for (let word = 0; word < physical.width; word++) physical.words[first + word] = take();
        return;
      }
      case "slices":
        physical.lengths[row] = take();
        physical.starts[row] = at;
        at += physical.lengths[row]!;
        return;
      case "sliceList": {
        const length = take();
        physical.push(at, length);
        at += length;
      }
    }
  };
  for (const physical of batch.columns) {
    if ("itemCount" in physical) physical.itemCount = 0;
    // A slice without a value is empty: those of the batch before are not in these bytes.
    else if (physical.kind === "slices") physical.lengths.fill(0);
  }
  for (; at < end && row < COLUMN_CAPACITY; row++) {
    // Tag and length of the item, which its values make up.
    at++;
    while (bytes[at++]! > 0x7f);
    for (const [i, physical] of batch.columns.entries()) {
      const count = take();
      if ("valid" in physical) physical.valid[row] = columns[i]!.isNullable ? count : 1;
      else {
        physical.starts[row] = physical.itemCount;
        physical.lengths[row] = count;
      }
      for (let n = 0; n < count; n++) readValue(physical);
    }
  }
  batch.bytes = bytes;
  batch.rowCount = row;
  return at;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.of(...bytes, value);
}
