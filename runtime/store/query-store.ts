import type { Column, EventTable } from "../schema/event-table.js";
import type { ParsedFilter } from "../schema/filter.js";
import type { Row, Value } from "../schema/value.js";

/** The side of a store that reads rows. Each query rejects as {@link QueryOptions} says. */
export interface QueryStore {
  /** The selected rows, at most `limit`. */
  selectRows(selection: RowSelection, options?: QueryOptions): Promise<Row[]>;
  /** How many rows meet the filters; counts up to `cap` where one is given. */
  countRows(table: EventTable, filters: readonly ParsedFilter[], cap?: number, options?: QueryOptions): Promise<bigint>;
  /** First and last time of an event's rows; undefined where there are none. */
  timeRange(table: EventTable, options?: QueryOptions): Promise<TimeRange | undefined>;
}

/** What a query asks of one event's table. */
export interface RowSelection {
  readonly table: EventTable;
  /** The columns that rows hold, in this order. */
  readonly columns: readonly Column[];
  readonly filters: readonly ParsedFilter[];
  /** Rows without a value come last, whatever the direction. */
  readonly orderBy: readonly Ordering[];
  /** Only rows after the one with these values, one for each of `orderBy`. */
  readonly after?: readonly Value[];
  readonly limit?: number;
}

export interface Ordering {
  readonly column: Column;
  readonly isDescending: boolean;
}

/** Work of one kind never waits for work of another: pages that are read in milliseconds, costly queries, pieces of exports. */
export type QueryKind = "page" | "costly" | "export";

/** How long a query may run by default. */
export const QUERY_DEADLINE_MS = 10_000;

/** How a query runs. */
export interface QueryOptions {
  /** `page` where absent. */
  readonly kind?: QueryKind;
  /** Interrupts the query, which then rejects with `canceled`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds that the query may run, {@link QUERY_DEADLINE_MS} where absent; it rejects with `deadline_exceeded` afterwards. A query that
   * finds too many others running or waiting rejects with `overloaded`.
   */
  readonly deadlineMs?: number;
}

/** Nanoseconds since the Unix epoch; both are times of rows. */
export interface TimeRange {
  readonly first: bigint;
  readonly last: bigint;
}
