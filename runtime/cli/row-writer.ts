import Table from "cli-table3";
import { stringify } from "csv-stringify/sync";
import type { EventTable } from "../schema/event-table.js";
import { formatRowJson } from "../schema/format-row-json.js";
import { formatCell } from "../schema/format-value.js";
import type { Row } from "../schema/value.js";
import type { RowOutput } from "./terminal-output.js";

/** Forms of `wireloom decode`'s output. */
export const ROW_FORMATS = ["ndjson", "csv", "table", "none"] as const;

export type RowFormat = (typeof ROW_FORMATS)[number];

/** Rows that one table on the screen holds at most; a longer result gets several. */
const TABLE_ROWS = 500;

/** Writes rows in one form. */
export interface RowWriter {
  write(table: EventTable, row: Row): Promise<void>;
  finish(): Promise<void>;
}

/** A writer of `format` to `output`. */
export function createRowWriter(format: Exclude<RowFormat, "none">, output: RowOutput): RowWriter {
  switch (format) {
    case "ndjson":
      return {
        write: (table, row) => output.write(`${formatRowJson(table.columns, row)}\n`),
        finish: () => output.flush(),
      };
    case "csv":
      return createCsvWriter(output);
    case "table":
      return createTableWriter(output);
  }
}

function createCsvWriter(output: RowOutput): RowWriter {
  let hasHeader = false;
  return {
    async write(table, row) {
      if (!hasHeader) await output.write(stringify([table.columns.map(({ name }) => name)]));
      hasHeader = true;
      await output.write(stringify([row.map((value, i) => formatCell(table.columns[i]!, value))]));
    },
    finish: () => output.flush(),
  };
}

function createTableWriter(output: RowOutput): RowWriter {
  const waiting = new Map<EventTable, string[][]>();
  const print = async (table: EventTable, rows: string[][]) => {
    const head = table.columns.filter((column) => column.isListed).map(({ title }) => title);
    const screen = new Table({ head, style: { head: [], border: [], compact: true }, chars: PLAIN });
    screen.push(...rows);
    await output.write(`${screen.toString()}\n`);
  };
  return {
    async write(table, row) {
      const cells = row.flatMap((value, i) => {
        const column = table.columns[i]!;
        return column.isListed ? [printable(formatCell(column, value))] : [];
      });
      const rows = waiting.get(table) ?? [];
      rows.push(cells);
      waiting.set(table, rows);
      if (rows.length === TABLE_ROWS) {
        waiting.delete(table);
        await print(table, rows);
      }
    },
    async finish() {
      for (const [table, rows] of waiting) await print(table, rows);
      await output.flush();
    },
  };
}

/** A cell's text without control characters, which a hostile packet could steer a terminal with. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "�");
}

const PLAIN = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ",
};
