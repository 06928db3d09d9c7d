import type { CollectedEvent } from "../../plugin/plugin.js";
import type { Column } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { rowSize } from "../../schema/row-size.js";
import type { Row } from "../../schema/value.js";
import type { Ordering, QueryOptions, QueryStore } from "../../store/query-store.js";
import { columnNamed, completeOrder } from "./orderings.js";
import { checkPageSize } from "./page-size.js";
import { formatPageToken, parsePageToken } from "./page-token.js";
import { checkCost, kindOf } from "./query-cost.js";

/** Approximate maximum of bytes of rows in a page, which then has fewer rows than requested. */
const MAX_PAGE_BYTES = 8 << 20;
/** Where `count=capped` stops. */
const COUNT_CAP = 10_000;

/** A request of REST's and Connect's lists. */
export interface ListRequest {
  readonly columns: readonly Column[];
  readonly filters: readonly ParsedFilter[];
  /** As given; empty for newest first. */
  readonly orderBy: readonly Ordering[];
  /** Absent or 0 for the default. */
  readonly pageSize?: number;
  /** Absent or empty for the first page. */
  readonly pageToken?: string;
  readonly count: "none" | "capped" | "exact";
  /** The time that `now` stands for in the filters, where one of them names it; the next pages keep it. */
  readonly now?: bigint | undefined;
}

export interface ListPage {
  /** Values in the order of the request's columns. */
  readonly rows: readonly Row[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
  readonly count?: bigint;
  /** True where there are more rows than `count`. */
  readonly countIsCapped: boolean;
}

/** One page of an event's rows, and their count where it is asked for. Throws `invalid_argument` on a wrong request. */
export async function listRows(
  store: QueryStore,
  event: CollectedEvent,
  request: ListRequest,
  signal?: AbortSignal,
): Promise<ListPage> {
  const { table } = event;
  const { filters } = request;
  const pageSize = checkPageSize(request.pageSize);
  const orderBy = completeOrder(table, request.orderBy);
  const orderColumns = orderBy.map((ordering) => ordering.column);
  // The values that the next token needs are read in addition to those requested.
  const columns = [...new Set([...request.columns, ...orderColumns])];
  const after = request.pageToken ? parsePageToken(table, filters, orderBy, request.pageToken) : undefined;
  checkCost(filters);
  const options = { kind: kindOf(request), signal };
  const found = await store.selectRows(
    { table, columns, filters, orderBy, limit: pageSize + 1, ...(after === undefined ? {} : { after }) },
    options,
  );
  const rows = fittingRows(found.slice(0, pageSize));
  const last = found.length > rows.length ? rows.at(-1) : undefined;
  const nextPageToken =
    last === undefined
      ? ""
      : formatPageToken(
          table,
          filters,
          orderBy,
          orderColumns.map((column) => last[columns.indexOf(column)]!),
          request.now,
        );
  const width = request.columns.length;
  return {
    rows: columns.length === width ? rows : rows.map((row) => row.slice(0, width)),
    nextPageToken,
    ...(await countRows(store, event, request, options)),
  };
}

/** The row of this id with some columns, in their order; undefined where there is none. */
export async function findRow(
  store: QueryStore,
  { table }: CollectedEvent,
  columns: readonly Column[],
  id: string,
  signal?: AbortSignal,
): Promise<Row | undefined> {
  const filters: ParsedFilter[] = [{ column: columnNamed(table, "id"), operator: "eq", values: [id] }];
  const [row] = await store.selectRows({ table, columns, filters, orderBy: [], limit: 1 }, { signal });
  return row;
}

/** The first rows that fit in a page, at least one. */
function fittingRows(rows: readonly Row[]): readonly Row[] {
  let bytes = 0;
  const end = rows.findIndex((row, i) => (bytes += rowSize(row)) > MAX_PAGE_BYTES && i > 0);
  return end === -1 ? rows : rows.slice(0, end);
}

async function countRows(
  store: QueryStore,
  { table }: CollectedEvent,
  { count: mode, filters }: ListRequest,
  options: QueryOptions,
): Promise<Pick<ListPage, "count" | "countIsCapped">> {
  if (mode === "none") return { countIsCapped: false };
  if (mode === "exact")
    return { count: await store.countRows(table, filters, undefined, options), countIsCapped: false };
  const count = await store.countRows(table, filters, COUNT_CAP + 1, options);
  return count > COUNT_CAP ? { count: BigInt(COUNT_CAP), countIsCapped: true } : { count, countIsCapped: false };
}
