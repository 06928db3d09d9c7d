import { decodeUtf8 } from "../bytes/text.js";
import type { ColumnBatch, PhysicalColumn } from "../record/columns.js";
import type { Column, EventTable } from "./event-table.js";
import { formatUuid } from "./hexadecimal.js";
import { SEMANTIC_TYPES, type SemanticTypeName } from "./semantic-types.js";
import type { Row, ScalarValue, Value } from "./value.js";

/** Row `rowIndex` of a batch of the table's event, with all columns, in their order. */
export function rowFromColumns(table: EventTable, batch: ColumnBatch, rowIndex: number): Row {
  return table.columns.map((column, i) => valueFromColumn(column, batch.columns[i]!, batch.bytes, rowIndex));
}

/** The value of one column in row `rowIndex`; `bytes` are the batch's. */
export function valueFromColumn(column: Column, physical: PhysicalColumn, bytes: Uint8Array, rowIndex: number): Value {
  switch (physical.kind) {
    case "number":
      if (isNull(column, physical.valid, rowIndex)) return null;
      return numberValue(column.type, physical.values[rowIndex]!);
    case "words":
      if (isNull(column, physical.valid, rowIndex)) return null;
      return wordValue(column.type, physical.words, rowIndex * physical.width);
    case "slices":
      if (isNull(column, physical.valid, rowIndex)) return null;
      return sliceValue(physical.isText, bytes, physical.starts[rowIndex]!, physical.lengths[rowIndex]!);
    case "numberList":
      return listValue(physical, rowIndex, (item) => numberValue(column.type, physical.items[item]!));
    case "wordList":
      return listValue(physical, rowIndex, (item) => wordValue(column.type, physical.words, item * physical.width));
    case "sliceList":
      return listValue(physical, rowIndex, (item) =>
        sliceValue(physical.isText, bytes, physical.itemStarts[item]!, physical.itemLengths[item]!),
      );
  }
}

/** Only columns that may be without a value say which rows are. */
function isNull(column: Column, valid: Uint8Array, rowIndex: number): boolean {
  return column.isNullable && valid[rowIndex] === 0;
}

function listValue(
  list: { readonly starts: Uint32Array; readonly lengths: Uint32Array },
  rowIndex: number,
  itemValue: (item: number) => ScalarValue,
): ScalarValue[] {
  const start = list.starts[rowIndex]!;
  const values: ScalarValue[] = [];
  for (let i = 0; i < list.lengths[rowIndex]!; i++) values.push(itemValue(start + i));
  return values;
}

function numberValue(type: SemanticTypeName, value: number): ScalarValue {
  return SEMANTIC_TYPES[type].storage === "bool" ? value !== 0 : value;
}

function wordValue(type: SemanticTypeName, words: Uint32Array, at: number): ScalarValue {
  const low = (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!);
  switch (SEMANTIC_TYPES[type].storage) {
    case "u128":
      return wideValue(words, at, low);
    case "uuid":
      return formatUuid(wideValue(words, at, low));
    case "i64":
    case "time":
      return BigInt.asIntN(64, low);
    default:
      return low;
  }
}

function wideValue(words: Uint32Array, at: number, low: bigint): bigint {
  return (BigInt(words[at + 3]!) << 96n) | (BigInt(words[at + 2]!) << 64n) | low;
}

function sliceValue(isText: boolean, bytes: Uint8Array, start: number, length: number): ScalarValue {
  if (!isText) return bytes.slice(start, start + length);
  return decodeUtf8(bytes, start, start + length);
}
