import type { Column, EventTable } from "../schema/event-table.js";
import { fieldNames } from "../schema/field-names.js";
import { describeNearest, listNames } from "../schema/nearest-name.js";
import { type OrderTerm, parseOrderTerm } from "../schema/order-term.js";
import { SEMANTIC_TYPES, type SemanticTypeName } from "../schema/semantic-types.js";
import type { Row, ScalarValue, Value } from "../schema/value.js";
import { WireloomError } from "../wireloom-error.js";
import type { PrintedTable } from "./printed-table.js";
import type { RowReader } from "./row-reader.js";

/** Memory for rows that wait to be sorted, in MiB, estimated. */
export const MAX_SORTED_MIB = 256;

/** Estimated memory of V8 for a row and for a value in it, except that of texts. */
const ROW_BYTES = 64;
const VALUE_BYTES = 24;
/** With a row limit, this number of additional rows is kept before the last ones are discarded. */
const SPARE_ROWS = 1000;

/** A field of one type in all tables, and the direction. */
export interface SortTerm extends OrderTerm {
  readonly type: SemanticTypeName;
}

interface KeptRow {
  readonly table: PrintedTable;
  readonly values: Row;
  readonly keys: Row;
  readonly bytes: number;
}

/**
 * Parses `--sort`: fields separated by commas, each followed by `desc` or not, such as `src_bytes desc,time`. Throws `usage` for a field that
 * is missing from a table or has another type there, and for lists, which cannot be sorted.
 */
export function parseSort(text: string, tables: readonly EventTable[]): SortTerm[] {
  return text.split(",").map((term) => {
    const parsed = parseOrderTerm(term);
    if (parsed === undefined) {
      throw new WireloomError(
        "usage",
        `--sort "${term}" is not a field with asc or desc after it, such as "time desc"`,
      );
    }
    const { name } = parsed;
    const columns = tables.map((table) => columnOf(table, name, tables));
    const [first] = columns;
    if (columns.some(({ type, isList }) => isList || type !== first!.type)) {
      throw new WireloomError(
        "usage",
        `--sort: rows cannot be sorted by ${name}, which is a list or not of one type; choose another field, or one protocol with --protocol`,
      );
    }
    return { ...parsed, type: first!.type };
  });
}

function columnOf(table: EventTable, name: string, tables: readonly EventTable[]): Column {
  const find = ({ columns }: EventTable) => columns.find((column) => column.name === name);
  const found = find(table);
  if (found !== undefined) return found;
  const owners = tables.filter((other) => find(other) !== undefined).map(({ resource }) => resource);
  if (owners.length > 0) {
    const way = `only ${listNames(owners)} ${owners.length === 1 ? "has" : "have"} it; choose with --protocol`;
    throw new WireloomError("usage", `--sort: not every protocol printed has the field "${name}", ${way}`);
  }
  const known = fieldNames(tables.flatMap(({ columns }) => columns));
  const who = tables.length === 1 ? `${table.resource} has no` : "no protocol printed has a";
  throw new WireloomError("usage", `--sort: ${who} field "${name}"; ${describeNearest(name, known)}`);
}

/**
 * Keeps rows until all have arrived, and returns them in order; rows without a value come last, rows of equal values in their original order.
 * With a row limit it keeps little more than that number. Memory is limited to {@link MAX_SORTED_MIB}: `add` throws `resource_exhausted` above
 * it.
 */
export class RowSorter {
  readonly #terms: readonly SortTerm[];
  readonly #wanted: number;
  readonly #maxBytes: number;
  readonly #keyIndexes = new Map<PrintedTable, readonly number[]>();
  #rows: KeptRow[] = [];
  #bytes = 0;

  constructor(terms: readonly SortTerm[], wanted = Number.POSITIVE_INFINITY, maxBytes = MAX_SORTED_MIB * 1024 * 1024) {
    this.#terms = terms;
    this.#wanted = wanted;
    this.#maxBytes = maxBytes;
  }

  /** Keeps the reader's row, of which `values` are printed. */
  add(table: PrintedTable, values: Row, reader: Pick<RowReader, "value">): void {
    let indexes = this.#keyIndexes.get(table);
    if (indexes === undefined) {
      const { columns } = table.table;
      indexes = this.#terms.map(({ name }) => columns.findIndex((column) => column.name === name));
      this.#keyIndexes.set(table, indexes);
    }
    const keys = indexes.map((index) => reader.value(index));
    const bytes = ROW_BYTES + sizeOf(values) + sizeOf(keys);
    this.#rows.push({ table, values, keys, bytes });
    this.#bytes += bytes;
    if (this.#rows.length >= this.#wanted * 2 + SPARE_ROWS || this.#bytes > this.#maxBytes) this.#prune();
    if (this.#bytes > this.#maxBytes) {
      throw new WireloomError(
        "resource_exhausted",
        `--sort keeps rows of at most ${this.#maxBytes / 1024 / 1024} MiB, reached after ${this.#rows.length} rows; print fewer with --fields, --filter ` +
          "or --protocol, keep the first ones with --count, or sort the output with another program",
      );
    }
  }

  /** Returns and releases the rows in order. */
  take(): readonly Pick<KeptRow, "table" | "values">[] {
    this.#prune();
    const rows = this.#rows;
    this.#rows = [];
    this.#bytes = 0;
    return rows;
  }

  /** Sorts the rows and discards those beyond the row limit. */
  #prune(): void {
    this.#rows.sort((left, right) => this.#compare(left.keys, right.keys));
    if (this.#rows.length <= this.#wanted) return;
    this.#rows.length = this.#wanted;
    this.#bytes = this.#rows.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #compare(left: Row, right: Row): number {
    for (const [i, { isDescending, type }] of this.#terms.entries()) {
      // Lists are refused when the terms are parsed.
      const a = left[i] as ScalarValue;
      const b = right[i] as ScalarValue;
      if (a === null || b === null) {
        if (a !== b) return a === null ? 1 : -1;
        continue;
      }
      const order = SEMANTIC_TYPES[type].compare(a, b);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  }
}

function sizeOf(values: readonly Value[]): number {
  let bytes = 0;
  for (const value of values) {
    bytes += VALUE_BYTES;
    if (typeof value === "string") bytes += value.length;
    else if (value instanceof Uint8Array) bytes += value.length + 64;
    else if (Array.isArray(value)) bytes += sizeOf(value);
  }
  return bytes;
}
