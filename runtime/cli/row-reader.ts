import type { EventRecord } from "../plugin/event-record.js";
import type { EventCodec, Plugin } from "../plugin/plugin.js";
import { valueFromColumn } from "../schema/row-from-columns.js";
import type { Row, Value } from "../schema/value.js";

/** The encoded rows of one plugin, one after the other, read through the columns that stores also use. */
export class RowReader {
  readonly #plugin: Pick<Plugin, "table" | "codec">;
  readonly #columns: ReturnType<EventCodec<EventRecord>["createColumns"]>;
  readonly #sparse: Value[];
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;
  #end = 0;
  #row = -1;

  constructor(plugin: Pick<Plugin, "table" | "codec">) {
    this.#plugin = plugin;
    this.#columns = plugin.codec.createColumns();
    this.#sparse = plugin.table.columns.map(() => null);
  }

  /** Starts with the rows of `bytes[0, end)`, the wire form of `repeated Event rows = 1`. */
  open(bytes: Uint8Array, end: number): void {
    this.#bytes = bytes;
    this.#position = 0;
    this.#end = end;
    this.#columns.rowCount = 0;
    this.#row = -1;
  }

  /** Moves to the next row, which must exist. */
  next(): void {
    if (++this.#row < this.#columns.rowCount) return;
    this.#position = this.#plugin.codec.read(this.#bytes, this.#position, this.#end, this.#columns);
    this.#row = 0;
  }

  /** The value of the row's column `index`. */
  value(index: number): Value {
    const { columns, bytes } = this.#columns;
    return valueFromColumn(this.#plugin.table.columns[index]!, columns[index]!, bytes, this.#row);
  }

  /** The values of some columns of the row. */
  values(indexes: readonly number[]): Value[] {
    const { columns, bytes } = this.#columns;
    const described = this.#plugin.table.columns;
    const row = this.#row;
    return indexes.map((index) => valueFromColumn(described[index]!, columns[index]!, bytes, row));
  }

  /** The row with only some columns filled; valid until the next call. */
  sparseRow(indexes: readonly number[]): Row {
    for (const index of indexes) this.#sparse[index] = this.value(index);
    return this.#sparse;
  }
}
