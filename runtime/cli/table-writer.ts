import type { Column } from "../schema/event-table.js";
import { formatCell } from "../schema/format-value.js";
import type { Row } from "../schema/value.js";
import { columnWidths, fittingColumns, type RankedColumn } from "./column-widths.js";
import type { PrintedTable } from "./printed-table.js";
import type { RowOutput } from "./row-output.js";
import type { RowWriter } from "./row-writer.js";
import { fitList, fitText, printableText, textWidth } from "./terminal-text.js";

/** Number of rows that are laid out together; a longer result has several blocks. */
const BLOCK_ROWS = 500;
const GAP = "  ";
/** Types whose values can be truncated; a truncated number, time or address would be another value. */
const CUTTABLE: ReadonlySet<string> = new Set(["text", "bytes", "enum"]);

/** Rows of one protocol that wait to be laid out. */
interface Block {
  readonly table: PrintedTable;
  rows: string[][];
}

/** Layout of a block. */
interface Layout {
  readonly table: PrintedTable;
  readonly title: string;
  /** Indexes of the visible columns. */
  readonly shown: readonly number[];
  readonly widths: readonly number[];
  /** True if values are truncated to fit. */
  readonly isCut: boolean;
}

/**
 * Tables for people: a title, headings, and a line for each row. Consecutive blocks of a protocol's rows share one
 * title as long as their layout fits. In a terminal a table is fitted to its width: times are shortened to times of day, then the
 * widest texts are truncated, and finally columns are omitted, which the title reports.
 */
export function createTableWriter(output: RowOutput, terminalWidth: number | undefined): RowWriter {
  const blocks = new Map<PrintedTable, Block>();
  let previous: Layout | undefined;

  const print = (block: Block) => {
    const { table, rows } = block;
    block.rows = [];
    const layout = layOut(table, rows, terminalWidth, previous?.table === table ? previous : undefined);
    const line = (cells: readonly string[]) => {
      const text = layout.shown
        .map((place, i) => fitCell(cells[place]!, layout.widths[i]!, table.columns[place]!))
        .join(GAP);
      output.write(`${text.trimEnd()}\n`);
    };
    if (layout !== previous) {
      output.write(`${previous === undefined ? "" : "\n"}${layout.title}\n`);
      output.write(`${headings(layout)}\n`);
    }
    previous = layout;
    for (const row of rows) line(row);
  };
  return {
    write(table, values) {
      let block = blocks.get(table);
      if (block === undefined) {
        block = { table, rows: [] };
        blocks.set(table, block);
      }
      block.rows.push(cellsOf(table.columns, values));
      if (block.rows.length === BLOCK_ROWS) print(block);
    },
    pause() {
      for (const block of blocks.values()) if (block.rows.length > 0) print(block);
    },
  };
}

function cellsOf(columns: readonly Column[], values: Row): string[] {
  return values.map((value, i) => printableText(formatCell(columns[i]!, value)));
}

/** Lays out a block, with the layout of the protocol's previous block if its values fit. */
function layOut(
  table: PrintedTable,
  rows: string[][],
  terminalWidth: number | undefined,
  previous: Layout | undefined,
): Layout {
  const { columns } = table;
  const measure = (): RankedColumn[] =>
    columns.map((column, i) => ({
      heading: textWidth(column.title),
      values: rows.reduce((widest, row) => Math.max(widest, textWidth(row[i]!)), 0),
      isWhole: isWhole(column),
      rank: table.ranks[i]!,
    }));
  let content = measure();
  let title = table.table.title;
  let shown = [...columns.keys()];
  let widths = columnWidths(content, Number.POSITIVE_INFINITY, GAP.length);
  let isCut = false;
  const natural = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  if (terminalWidth !== undefined && (natural > terminalWidth || previous?.isCut === true)) {
    const day = shortenTimes(columns, rows);
    if (day !== undefined) {
      title = `${title}, times of ${day} (UTC)`;
      content = measure();
    }
    shown = fittingColumns(content, terminalWidth, GAP.length);
    if (shown.length < columns.length) title = `${title}; ${describeOmitted(columns.length - shown.length)}`;
    widths = columnWidths(
      shown.map((place) => content[place]!),
      terminalWidth,
      GAP.length,
    );
    isCut = true;
  }
  const fitsPrevious =
    previous !== undefined &&
    previous.title === title &&
    previous.shown.every((place, i) => {
      const { values, isWhole } = content[place]!;
      return values <= previous.widths[i]! || (previous.isCut && !isWhole);
    });
  return fitsPrevious ? previous : { table, title, shown, widths, isCut };
}

/** Shortens the first column of times to the time of day in microseconds if all are of one day; returns the day. */
function shortenTimes(columns: readonly Column[], rows: string[][]): string | undefined {
  const place = columns.findIndex(({ type, isList }) => type === "timestamp" && !isList);
  const days = new Set(rows.map((row) => row[place]?.slice(0, 10) ?? ""));
  const [day] = days;
  if (days.size !== 1 || day === undefined || day === "") return undefined;
  // RFC 3339: 2026-01-31T12:00:00.123456789Z.
  for (const row of rows) row[place] = row[place]!.slice(11, 26);
  return day;
}

function headings({ table, shown, widths }: Layout): string {
  const titles = shown.map((place, i) => fitText(table.columns[place]!.title, widths[i]!));
  return titles.join(GAP).trimEnd();
}

/** A cell of exactly `width` columns; a list of values that cannot be truncated loses whole items. */
function fitCell(cell: string, width: number, column: Column): string {
  return column.isList && !CUTTABLE.has(column.type) ? fitList(cell, width) : fitText(cell, width);
}

function describeOmitted(count: number): string {
  return `${count} ${count === 1 ? "column" : "columns"} not shown, see --fields or -f ndjson`;
}

function isWhole({ type, isList }: Column): boolean {
  return !isList && !CUTTABLE.has(type);
}
