import { extname } from "node:path";
import { formatRowJson } from "../schema/format-row-json.js";
import type { Row } from "../schema/value.js";
import { PROTOCOL_FIELD, type PrintedTable } from "./printed-table.js";
import type { RowOutput } from "./row-output.js";

/** Forms of `wireloom decode`'s output. */
export const ROW_FORMATS = ["ndjson", "csv", "table", "none"] as const;

export type RowFormat = (typeof ROW_FORMATS)[number];

/** Formats of files by the ends of their names. */
const FORMATS_BY_EXTENSION: Readonly<Record<string, RowFormat>> = {
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".json": "ndjson",
  ".csv": "csv",
  ".txt": "table",
};

/** The format that the name of a file stands for, such as CSV for `rows.csv`; NDJSON without a file and for other names. */
export function formatOfFile(output: string | undefined): RowFormat {
  return FORMATS_BY_EXTENSION[extname(output ?? "").toLowerCase()] ?? "ndjson";
}

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

/** A writer of rows of `tables`, of which CSV has one, in `format` to `output`; undefined for `none`. Only what the format needs is loaded. */
export async function createRowWriter(
  format: RowFormat,
  tables: readonly PrintedTable[],
  output: RowOutput,
  options: RowWriterOptions,
): Promise<RowWriter | undefined> {
  switch (format) {
    case "ndjson":
      return createJsonWriter(output);
    case "csv":
      return (await import("./csv-writer.js")).createCsvWriter(tables[0]!, output, options.isCsvSafe);
    case "table":
      return (await import("./table-writer.js")).createTableWriter(output, options.terminalWidth);
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
