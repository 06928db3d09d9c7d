import { extname } from "node:path";
import { formatRowJson } from "../schema/format-row-json.js";
import type { Row } from "../schema/value.js";
import { PROTOCOL_FIELD, type PrintedTable } from "./printed-table.js";
import type { RowOutput } from "./row-output.js";

/** Output formats of `wireloom decode`. */
export const ROW_FORMATS = ["ndjson", "csv", "table", "none"] as const;

export type RowFormat = (typeof ROW_FORMATS)[number];

/** Formats of files by file extension. */
const FORMATS_BY_EXTENSION: Readonly<Record<string, RowFormat>> = {
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".json": "ndjson",
  ".csv": "csv",
  ".txt": "table",
};

/** The format for the name of a file, such as CSV for `rows.csv`; NDJSON without a file and for other names. */
export function formatOfFile(output: string | undefined): RowFormat {
  return FORMATS_BY_EXTENSION[extname(output ?? "").toLowerCase()] ?? "ndjson";
}

/** Writes rows in one format to a {@link RowOutput}. */
export interface RowWriter {
  /** Writes the values of the table's printed columns. */
  write(table: PrintedTable, values: Row): void;
  /** Writes buffered rows: none will arrive for a while, or none at all. */
  pause(): void;
}

/** Options of a {@link RowWriter}. */
export interface RowWriterOptions {
  /** Columns of the terminal that a table has to fit; undefined without a limit. */
  readonly terminalWidth: number | undefined;
  /** True to avoid CSV cells that a spreadsheet interprets as a formula. */
  readonly isCsvSafe: boolean;
}

/**
 * A writer of rows of `tables`, exactly one for CSV, in `format` to `output`; undefined for `none`. Only the modules of the format are
 * loaded.
 */
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
