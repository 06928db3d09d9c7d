import { stringify } from "csv-stringify/sync";
import { formatSafeCsvCell } from "../../schema/csv-cell.js";
import type { Column } from "../../schema/event-table.js";
import { formatRowJson } from "../../schema/format-row-json.js";
import { formatCell } from "../../schema/format-value.js";
import type { Row, Value } from "../../schema/value.js";

/** Forms of a whole result, by media type. */
export const EXPORT_TYPES = ["application/x-ndjson", "text/csv"] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];

/** The media type of an export with its parameters. */
export function contentType(type: ExportType): string {
  return type === "text/csv" ? `${type}; charset=utf-8; header=present` : type;
}

/** How rows are written. */
export interface ExportFormat {
  /** Text before the first row, or none. */
  formatHeader(columns: readonly Column[]): string;
  formatRows(columns: readonly Column[], rows: readonly Row[]): Uint8Array;
}

const CSV_OPTIONS = { record_delimiter: "windows" } as const;

/** The format of a media type; in safe CSV spreadsheets do not read texts as formulas. */
export function formatOf(type: ExportType, isCsvSafe: boolean): ExportFormat {
  if (type !== "text/csv") return { formatHeader: () => "", formatRows: jsonLines };
  const cell = isCsvSafe ? formatSafeCsvCell : formatCell;
  return {
    formatHeader: (columns) => stringify([columns.map((column) => column.name)], CSV_OPTIONS),
    formatRows: (columns, rows) => csvLines(columns, rows, cell),
  };
}

/** Each line is encoded by itself, because flattening one text of thousands of pieces costs more than building it. */
function jsonLines(columns: readonly Column[], rows: readonly Row[]): Uint8Array {
  return Buffer.concat(rows.map((row) => Buffer.from(`${formatRowJson(columns, row)}\n`)));
}

function csvLines(
  columns: readonly Column[],
  rows: readonly Row[],
  cell: (column: Column, value: Value) => string,
): Uint8Array {
  return Buffer.from(
    stringify(
      rows.map((row) => row.map((value, i) => cell(columns[i]!, value))),
      CSV_OPTIONS,
    ),
  );
}
