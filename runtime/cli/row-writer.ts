import { stringify } from "csv-stringify/sync";
import { formatSafeCsvCell } from "../schema/csv-cell.js";
import { formatRowJson } from "../schema/format-row-json.js";
import { formatCell } from "../schema/format-value.js";
import type { Row } from "../schema/value.js";
import { PROTOCOL_FIELD, type PrintedTable } from "./printed-table.js";
import type { RowOutput } from "./row-output.js";
import { createTableWriter } from "./table-writer.js";

/** Forms of `wireloom decode`'s output. */
export const ROW_FORMATS = ["ndjson", "csv", "table", "none"] as const;

export type RowFormat = (typeof ROW_FORMATS)[number];

/** Writes rows in one form to a {@link RowOutput}. */
export interface RowWriter {
  /** Writes the values of the table's printed columns. */
  write(table: PrintedTable, values: Row): void;
  /** Writes what waits for more rows: none come for a while, or no more at all. */
  pause(): void;
}

/** What a {@link RowWriter} is made for. */
export interface RowWriterOptions {
  /** Columns of the terminal that a table has to fit; undefined for as wide as its values are. */
  readonly terminalWidth: number | undefined;
  /** True to write no cell of CSV that a spreadsheet takes for a formula. */
  readonly isCsvSafe: boolean;
}

/** A writer of `format` to `output`; undefined for `none`. */
export function createRowWriter(
  format: RowFormat,
  output: RowOutput,
  options: RowWriterOptions,
): RowWriter | undefined {
  switch (format) {
    case "ndjson":
      return createJsonWriter(output);
    case "csv":
      return createCsvWriter(output, options.isCsvSafe);
    case "table":
      return createTableWriter(output, options.terminalWidth);
    case "none":
      return undefined;
  }
}

function createJsonWriter(output: RowOutput): RowWriter {
  const starts = new Map<PrintedTable, string>();
  return {
    write(table, values) {
      let start = starts.get(table);
      if (start === undefined) {
        start = table.hasProtocol ? "{" : `{${JSON.stringify(PROTOCOL_FIELD)}:${JSON.stringify(table.table.resource)},`;
        starts.set(table, start);
      }
      output.write(`${formatRowJson(table.columns, values, start)}\n`);
    },
    pause: () => undefined,
  };
}

function createCsvWriter(output: RowOutput, isCsvSafe: boolean): RowWriter {
  const format = isCsvSafe ? formatSafeCsvCell : formatCell;
  let hasHeader = false;
  return {
    write({ columns }, values) {
      if (!hasHeader) output.write(stringify([columns.map(({ name }) => name)]));
      hasHeader = true;
      output.write(stringify([values.map((value, i) => format(columns[i]!, value))]));
    },
    pause: () => undefined,
  };
}
