import type { ParsedFilter } from "../../schema/filter.js";
import { rowSize } from "../../schema/row-size.js";
import type { Row, ScalarValue, Value } from "../../schema/value.js";
import type { QueryOptions, QueryStore, RowSelection, TimeRange } from "../../store/query-store.js";
import { columnNamed } from "./orderings.js";

/** Rows of the first piece, which is small so that it is read soon, and maximum rows of the others. */
const FIRST_ROWS = 200;
const MAX_ROWS = 10_000;
/** Approximate maximum of bytes of rows in a piece. */
const MAX_BYTES = 16 << 20;
/** Width of the first time range that is read, in nanoseconds: one second. */
const FIRST_WIDTH = 1_000_000_000n;

/**
 * All rows of a selection, or its first `limit`, in its order, read in pieces. Each piece is a query of its own that begins after the last
 * row of the one before, so that no connection or transaction is open while the caller processes a piece. Ordered by time, a piece reads
 * only a time range with about {@link MAX_ROWS} rows; in another order each piece reads the whole table.
 */
export async function* walkRows(
  store: QueryStore,
  selection: Omit<RowSelection, "after">,
  options: QueryOptions,
): AsyncIterable<readonly Row[]> {
  const { columns, orderBy } = selection;
  let wanted = selection.limit ?? Number.POSITIVE_INFINITY;
  // The values after which the next piece begins are read in addition to those requested.
  const all = [...new Set([...columns, ...orderBy.map(({ column }) => column)])];
  const orderIndexes = orderBy.map(({ column }) => all.indexOf(column));
  const stretches = orderBy[0]?.column.name === "time" ? await Stretches.of(store, selection, options) : undefined;
  let after: readonly Value[] | undefined;
  let limit = Math.min(FIRST_ROWS, wanted);
  for (;;) {
    const filters = stretches === undefined ? selection.filters : [...selection.filters, ...stretches.filters()];
    const found = await store.selectRows(
      { ...selection, columns: all, filters, limit, ...(after === undefined ? {} : { after }) },
      options,
    );
    const last = found.at(-1);
    if (last !== undefined) {
      after = orderIndexes.map((index) => last[index]!);
      yield all.length === columns.length ? found : found.map((row) => row.slice(0, columns.length));
      wanted -= found.length;
      if (wanted === 0) return;
    }
    if (last !== undefined && found.length === limit) stretches?.narrow(last[all.indexOf(stretches.column)] as bigint);
    else if (stretches === undefined || !stretches.next(found.length)) return;
    limit = Math.min(nextLimit(found), wanted);
  }
}

/** How many rows the next piece may have when they are as large as those of the one before. */
function nextLimit(rows: readonly Row[]): number {
  if (rows.length === 0) return MAX_ROWS;
  const bytes = rows.reduce((sum, row) => sum + rowSize(row), 0);
  return Math.min(MAX_ROWS, Math.max(1, Math.floor((MAX_BYTES * rows.length) / bytes)));
}

/** The time of all rows, read range by range in the direction of the order. */
class Stretches {
  readonly column;
  readonly #isDescending: boolean;
  readonly #end: bigint;
  #edge: bigint;
  #width = FIRST_WIDTH;

  constructor(table: RowSelection["table"], range: TimeRange, isDescending: boolean) {
    this.column = columnNamed(table, "time");
    this.#isDescending = isDescending;
    this.#edge = isDescending ? range.last : range.first;
    this.#end = isDescending ? range.first : range.last;
  }

  /** The time ranges of a selection that is ordered by time; undefined where its table has no rows. */
  static async of(
    store: QueryStore,
    { table, filters, orderBy }: Omit<RowSelection, "after" | "limit">,
    options: QueryOptions,
  ): Promise<Stretches | undefined> {
    const range = await store.timeRange(table, options);
    return range === undefined ? undefined : new Stretches(table, clip(range, filters), orderBy[0]!.isDescending);
  }

  /** The conditions of the current range; its end belongs to the next one. */
  filters(): ParsedFilter[] {
    const near = this.#edge;
    const far = this.#far();
    const [first, last] = this.#isDescending ? [far, near] : [near, far];
    const condition = (operator: ParsedFilter["operator"], value: ScalarValue): ParsedFilter => ({
      column: this.column,
      operator,
      values: [value],
    });
    // Rows that are stored during the walk are outside of the whole range, which was read at its start.
    return this.#isDescending
      ? [condition(this.#isLast() ? "gte" : "gt", first), condition("lte", last)]
      : [condition("gte", first), condition(this.#isLast() ? "lte" : "lt", last)];
  }

  /** Continues with the next range, which is wider after one with few rows; false where there is none. */
  next(rowCount: number): boolean {
    if (this.#isLast()) return false;
    this.#edge = this.#far();
    if (rowCount < MAX_ROWS / 4) this.#width *= 4n;
    return true;
  }

  /** Continues at the time of a piece's last row with a narrower range, because this one has more rows than a piece. */
  narrow(time: bigint): void {
    this.#edge = time;
    this.#width = this.#width / 2n || 1n;
  }

  #far(): bigint {
    const far = this.#isDescending ? this.#edge - this.#width : this.#edge + this.#width;
    const isBeyond = this.#isDescending ? far < this.#end : far > this.#end;
    return isBeyond ? this.#end : far;
  }

  #isLast(): boolean {
    return this.#far() === this.#end;
  }
}

/** The part of the range that meets the conditions on the time. */
function clip({ first, last }: TimeRange, filters: readonly ParsedFilter[]): TimeRange {
  for (const { column, operator, values } of filters) {
    if (column.name !== "time") continue;
    const value = values[0] as bigint;
    if ((operator === "gte" || operator === "gt" || operator === "eq") && value > first) first = value;
    if ((operator === "lte" || operator === "lt" || operator === "eq") && value < last) last = value;
  }
  return first > last ? { first: last, last } : { first, last };
}
