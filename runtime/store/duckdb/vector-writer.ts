import duckdb from "@duckdb/node-bindings";
import {
  COLUMN_CAPACITY,
  type ColumnBatch,
  type PhysicalColumn,
  type SliceColumn,
  type SliceListColumn,
} from "../../record/columns.js";
import type { Column } from "../../schema/event-table.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import { ELEMENT_WORDS, writeElements } from "./string-elements.js";

/** Number of rows whose validity fits a byte of DuckDB's mask. */
const ROWS_PER_MASK_BYTE = 8;
/** Bytes of a list entry: offset and length of its items, 64 bits each. */
const LIST_ENTRY_WORDS = 4;

/** Scratch memory of one vector; each is written before it is copied, within one call. */
const mask = new Uint8Array(COLUMN_CAPACITY / ROWS_PER_MASK_BYTE);
const entries = new Uint32Array(COLUMN_CAPACITY * LIST_ENTRY_WORDS);
let scratch = new Uint32Array(COLUMN_CAPACITY * ELEMENT_WORDS);

/**
 * Copies a batch into DuckDB's vectors. Texts are not copied: vectors point into `batch.bytes`, at `address`, which
 * must stay in place until DuckDB has taken the vectors' values. Without an address they are copied one by one.
 */
export function writeVector(
  vector: duckdb.Vector,
  column: Column,
  physical: PhysicalColumn,
  batch: ColumnBatch,
  address: bigint | undefined,
): void {
  const { rowCount } = batch;
  switch (physical.kind) {
    case "number":
      copy(vector, physical.values, rowCount * physical.values.BYTES_PER_ELEMENT);
      writeValidity(vector, column, physical.valid, rowCount);
      return;
    case "words": {
      const words =
        SEMANTIC_TYPES[column.type].storage === "uuid" ? signedUuids(physical.words, rowCount) : physical.words;
      copy(vector, words, rowCount * physical.width * 4);
      writeValidity(vector, column, physical.valid, rowCount);
      return;
    }
    case "slices":
      writeSlices(vector, physical.starts, physical.lengths, rowCount, batch.bytes, address);
      writeValidity(vector, column, physical.valid, rowCount);
      return;
    case "numberList": {
      const items = writeList(vector, physical, rowCount);
      copy(items, physical.items, physical.itemCount * physical.items.BYTES_PER_ELEMENT);
      return;
    }
    case "wordList": {
      const items = writeList(vector, physical, rowCount);
      const words =
        SEMANTIC_TYPES[column.type].storage === "uuid"
          ? signedUuids(physical.words, physical.itemCount)
          : physical.words;
      copy(items, words, physical.itemCount * physical.width * 4);
      return;
    }
    case "sliceList": {
      const items = writeList(vector, physical, rowCount);
      writeSlices(items, physical.itemStarts, physical.itemLengths, physical.itemCount, batch.bytes, address);
      return;
    }
  }
}

function copy(
  vector: duckdb.Vector,
  values: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array,
  byteCount: number,
): void {
  if (byteCount === 0) return;
  duckdb.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset, byteCount);
}

/** DuckDB's mask has a bit a row, least significant first; a vector without one has a value in every row. */
function writeValidity(vector: duckdb.Vector, column: Column, valid: Uint8Array, rowCount: number): void {
  if (!column.isNullable) return;
  const byteCount = Math.ceil(rowCount / ROWS_PER_MASK_BYTE);
  for (let i = 0; i < byteCount; i++) {
    const row = i * ROWS_PER_MASK_BYTE;
    mask[i] =
      valid[row]! |
      (valid[row + 1]! << 1) |
      (valid[row + 2]! << 2) |
      (valid[row + 3]! << 3) |
      (valid[row + 4]! << 4) |
      (valid[row + 5]! << 5) |
      (valid[row + 6]! << 6) |
      (valid[row + 7]! << 7);
  }
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, mask.buffer, 0, byteCount);
}

/** DuckDB keeps a UUID as a signed number with the top bit inverted, so that signed order is the UUIDs' order. */
function signedUuids(words: Uint32Array, count: number): Uint32Array {
  const turned = scratchFor(count);
  turned.set(words.subarray(0, count * 4));
  for (let i = 3; i < count * 4; i += 4) turned[i]! ^= 0x80000000;
  return turned;
}

function writeSlices(
  vector: duckdb.Vector,
  starts: SliceColumn["starts"],
  lengths: SliceColumn["lengths"],
  count: number,
  bytes: Uint8Array,
  address: bigint | undefined,
): void {
  if (address === undefined) {
    for (let i = 0; i < count; i++) {
      const start = starts[i]!;
      duckdb.vector_assign_string_element_len(vector, i, bytes.subarray(start, start + lengths[i]!));
    }
    return;
  }
  const elements = scratchFor(count);
  writeElements(elements, starts, lengths, count, bytes, address);
  copy(vector, elements, count * ELEMENT_WORDS * 4);
}

/** Writes where each row's items are, makes room for the items, and returns their vector. */
function writeList(
  vector: duckdb.Vector,
  list: Pick<SliceListColumn, "starts" | "lengths" | "itemCount">,
  rowCount: number,
): duckdb.Vector {
  for (let i = 0; i < rowCount; i++) {
    entries[i * LIST_ENTRY_WORDS] = list.starts[i]!;
    entries[i * LIST_ENTRY_WORDS + 2] = list.lengths[i]!;
  }
  copy(vector, entries, rowCount * LIST_ENTRY_WORDS * 4);
  duckdb.list_vector_reserve(vector, list.itemCount);
  duckdb.list_vector_set_size(vector, list.itemCount);
  return duckdb.list_vector_get_child(vector);
}

/** Room for `count` values of 128 bits, shared by all columns. */
function scratchFor(count: number): Uint32Array {
  if (scratch.length < count * 4) scratch = new Uint32Array(count * 8);
  return scratch;
}
