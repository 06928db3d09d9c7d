import { stringify } from "csv-stringify/sync";
import { formatSafeCsvCell } from "../schema/csv-cell.js";
import { formatCell } from "../schema/format-value.js";
import type { RowOutput } from "./row-output.js";
import type { RowWriter } from "./row-writer.js";

/** CSV (RFC 4180) with a heading; `isCsvSafe` to write no cell that a spreadsheet takes for a formula. */
export function createCsvWriter(output: RowOutput, isCsvSafe: boolean): RowWriter {
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
