import { stringify } from "csv-stringify/sync";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { Column } from "../../schema/event-table.js";
import { formatRowJson } from "../../schema/format-row-json.js";
import { formatCell } from "../../schema/format-value.js";
import type { Row } from "../../schema/value.js";
import type { Store } from "../../store/store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { ErrorLog } from "../public-error.js";
import type { ListRequest } from "../query/list-rows.js";
import { completeOrder } from "../query/orderings.js";

/** Forms of a whole result, by media type. */
export const EXPORT_TYPES = ["application/x-ndjson", "text/csv"] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];

/**
 * All rows of a request as lines of JSON or CSV (RFC 4180, with a header), read from the store no faster than the
 * client takes them. The work ends when the client goes away; a failure on the way breaks the connection off, so that
 * the part is not taken for the whole. Throws `invalid_argument` where a page is asked for.
 */
export function exportRows(
  store: Store,
  event: CollectedEvent,
  request: ListRequest,
  type: ExportType,
  signal: AbortSignal,
  log: ErrorLog,
): Response {
  const paging =
    request.pageSize !== undefined
      ? "page_size"
      : request.pageToken !== undefined
        ? "page_token"
        : request.count !== "none"
          ? "count"
          : undefined;
  if (paging !== undefined) {
    throw new WireloomError(
      "invalid_argument",
      `${paging}: ${type} holds the whole result; leave the parameter out, or ask for application/json`,
    );
  }
  const { columns, filters } = request;
  const selection = { table: event.table, columns, filters, orderBy: completeOrder(event.table, request.orderBy) };
  const formatRows = type === "text/csv" ? csvLines : jsonLines;
  const header = type === "text/csv" ? stringify([columns.map((column) => column.name)], CSV_OPTIONS) : "";
  const gone = new AbortController();
  let pieces: AsyncIterator<readonly Row[]> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (pieces === undefined) {
            pieces = store.streamRows(selection, AbortSignal.any([gone.signal, signal]))[Symbol.asyncIterator]();
            if (header !== "") {
              controller.enqueue(Buffer.from(header));
              return;
            }
          }
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(formatRows(columns, value));
        } catch (error) {
          if (!gone.signal.aborted) log(error);
          controller.error(error);
        }
      },
      async cancel() {
        gone.abort();
        await pieces?.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  const charset = type === "text/csv" ? "; charset=utf-8; header=present" : "";
  return new Response(body, { headers: { "content-type": `${type}${charset}` } });
}

const CSV_OPTIONS = { record_delimiter: "windows" } as const;

/** Each line is encoded by itself: one text of thousands of pieces costs more to flatten than to make. */
function jsonLines(columns: readonly Column[], rows: readonly Row[]): Uint8Array {
  return Buffer.concat(rows.map((row) => Buffer.from(`${formatRowJson(columns, row)}\n`)));
}

function csvLines(columns: readonly Column[], rows: readonly Row[]): Uint8Array {
  return Buffer.from(
    stringify(
      rows.map((row) => row.map((value, i) => formatCell(columns[i]!, value))),
      CSV_OPTIONS,
    ),
  );
}
