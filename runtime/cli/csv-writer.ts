import { stringify } from "csv-stringify/sync";
import { formatSafeCsvCell } from "../schema/csv-cell.js";
import { formatCell } from "../schema/format-value.js";
import type { PrintedTable } from "./printed-table.js";
import type { RowOutput } from "./row-output.js";
import type { RowWriter } from "./row-writer.js";

/**
 * CSV (RFC 4180) of one table, with a heading even without rows; with `isCsvSafe`, no cell is written that a spreadsheet interprets as a
 * formula.
 */
export function createCsvWriter({ columns }: PrintedTable, output: RowOutput, isCsvSafe: boolean): RowWriter {
  const format = isCsvSafe ? formatSafeCsvCell : formatCell;
  output.write(stringify([columns.map(({ name }) => name)]));
  return {
    write(_, values) {
      output.write(stringify([values.map((value, i) => format(columns[i]!, value))]));
    },
    pause: () => undefined,
  };
}
