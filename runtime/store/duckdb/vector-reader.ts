import duckdb from "@duckdb/node-bindings";
import { formatUuid } from "../../schema/hexadecimal.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import { isSlice, type StorageForm } from "../../schema/storage-form.js";
import type { ScalarValue, Value } from "../../schema/value.js";
import type { StoredColumn } from "../sql/stored-column.js";
import { HeapWindow } from "./heap-window.js";

/** Bytes of a text that its element holds itself; see `string-elements.ts`. */
const INLINE_BYTES = 12;

/** The values of a vector's first `count` rows in canonical form. */
export function readVector(vector: duckdb.Vector, column: StoredColumn, count: number): Value[] {
  if (!column.isList) return readScalars(vector, column, count);
  const entries = viewOf(duckdb.vector_get_data(vector, count * 16));
  const items = readScalars(duckdb.list_vector_get_child(vector), column, duckdb.list_vector_get_size(vector));
  const validity = duckdb.vector_get_validity(vector, maskBytes(count));
  return Array.from({ length: count }, (_, i) => {
    if (!isValid(validity, i)) return [];
    const start = entries.getUint32(i * 16, true);
    return items.slice(start, start + entries.getUint32(i * 16 + 8, true));
  });
}

function readScalars(vector: duckdb.Vector, column: StoredColumn, count: number): ScalarValue[] {
  if (count === 0) return [];
  const validity = duckdb.vector_get_validity(vector, maskBytes(count));
  const { storage } = SEMANTIC_TYPES[column.type];
  const view = viewOf(duckdb.vector_get_data(vector, count * SIZES[storage]));
  const read = isSlice(storage) ? bytesReader(view, storage) : READERS[storage];
  const values: ScalarValue[] = [];
  for (let i = 0; i < count; i++) values.push(isValid(validity, i) ? read(view, i) : null);
  return values;
}

const SIZES: Readonly<Record<StorageForm, number>> = {
  bool: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  f64: 8,
  u64: 8,
  i64: 8,
  time: 8,
  u128: 16,
  uuid: 16,
  text: 16,
  bytes: 16,
};

type Reader = (view: DataView, row: number) => ScalarValue;

const readSigned: Reader = (view, row) => view.getBigInt64(row * 8, true);

const READERS: Readonly<Record<Exclude<StorageForm, "text" | "bytes">, Reader>> = {
  bool: (view, row) => view.getUint8(row) !== 0,
  u16: (view, row) => view.getUint16(row * 2, true),
  u32: (view, row) => view.getUint32(row * 4, true),
  i32: (view, row) => view.getInt32(row * 4, true),
  f64: (view, row) => view.getFloat64(row * 8, true),
  u64: (view, row) => view.getBigUint64(row * 8, true),
  i64: readSigned,
  time: readSigned,
  u128: readWide,
  // The top bit is inverted in storage; see `vector-writer.ts`.
  uuid: (view, row) => formatUuid(readWide(view, row) ^ (1n << 127n)),
};

/** Reads texts, or bytes, of a vector of elements; `string-elements.ts` shows them. */
function bytesReader(elements: DataView, type: "text" | "bytes"): Reader {
  const inline = Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength);
  const window = new HeapWindow();
  const take =
    type === "text"
      ? (bytes: Buffer, start: number, end: number) => bytes.toString("utf8", start, end)
      : (bytes: Buffer, start: number, end: number) => new Uint8Array(bytes.subarray(start, end));
  return (_, row) => {
    const at = row * 16;
    const length = elements.getUint32(at, true);
    if (length <= INLINE_BYTES) return take(inline, at + 4, at + 4 + length);
    const start = window.find(elements.getUint32(at + 8, true), elements.getUint32(at + 12, true), length);
    return take(window.bytes, start, start + length);
  };
}

function readWide(view: DataView, row: number): bigint {
  return (view.getBigUint64(row * 16 + 8, true) << 64n) | view.getBigUint64(row * 16, true);
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

/** The mask consists of 64-bit words. */
function maskBytes(count: number): number {
  return Math.ceil(count / 64) * 8;
}

function isValid(validity: Uint8Array | null, row: number): boolean {
  return validity === null || (validity[row >> 3]! & (1 << (row & 7))) !== 0;
}
