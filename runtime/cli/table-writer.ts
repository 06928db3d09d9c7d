import type { Column } from "../schema/event-table.js";
import { formatCell } from "../schema/format-value.js";
import type { Row } from "../schema/value.js";
import { type ColumnContent, columnWidths } from "./column-widths.js";
import type { PrintedTable } from "./printed-table.js";
import type { RowOutput } from "./row-output.js";
import type { RowWriter } from "./row-writer.js";
import { fitText, printableText, textWidth } from "./terminal-text.js";

/** Rows that are laid out together; a longer result gets several blocks. */
const BLOCK_ROWS = 500;
const GAP = "  ";
/** Types whose values can be cut; a number or a time that is cut says something else. */
const CUTTABLE: ReadonlySet<string> = new Set(["text", "bytes", "ip", "mac", "uuid", "enum"]);

/** Rows of one protocol that wait to be laid out. */
interface Block {
  readonly table: PrintedTable;
  rows: string[][];
}

/** How a block was laid out. */
interface Layout {
  readonly table: PrintedTable;
  readonly title: string;
  readonly widths: readonly number[];
  /** True where values are cut to fit. */
  readonly isCut: boolean;
}

/**
 * Tables for people: a title, headings, and a line for each row. Blocks of a protocol's rows that follow each other share one
 * title as long as their columns can stay as they are. In a terminal a table fits its width: times become times of day, then the
 * widest columns are cut.
 */
export function createTableWriter(output: RowOutput, terminalWidth: number | undefined): RowWriter {
  const blocks = new Map<PrintedTable, Block>();
  let previous: Layout | undefined;

  const print = (block: Block) => {
    const { table, rows } = block;
    block.rows = [];
    const layout = layOut(table, rows, terminalWidth, previous?.table === table ? previous : undefined);
    const line = (cells: readonly string[]) => {
      const text = cells.map((cell, i) => fitText(cell, layout.widths[i]!)).join(GAP);
      output.write(`${(terminalWidth === undefined ? text : fitText(text, terminalWidth)).trimEnd()}\n`);
    };
    if (layout !== previous) {
      output.write(`${previous === undefined ? "" : "\n"}${layout.title}\n`);
      line(table.columns.map((column) => column.title));
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

/** Lays out a block: as the one before it of the same protocol where its values fit there. */
function layOut(
  table: PrintedTable,
  rows: string[][],
  terminalWidth: number | undefined,
  previous: Layout | undefined,
): Layout {
  const { columns } = table;
  const measure = (): ColumnContent[] =>
    columns.map((column, i) => ({
      heading: textWidth(column.title),
      values: rows.reduce((widest, row) => Math.max(widest, textWidth(row[i]!)), 0),
      isWhole: isWhole(column),
    }));
  let content = measure();
  let title = table.table.title;
  let widths = columnWidths(content, Number.POSITIVE_INFINITY, GAP.length);
  let isCut = false;
  const natural = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  if (terminalWidth !== undefined && (natural > terminalWidth || previous?.isCut === true)) {
    const day = shortenTimes(columns, rows);
    if (day !== undefined) {
      title = `${title}, times of ${day} (UTC)`;
      content = measure();
    }
    widths = columnWidths(content, terminalWidth, GAP.length);
    isCut = true;
  }
  const fitsPrevious =
    previous !== undefined &&
    previous.title === title &&
    content.every(({ values, isWhole }, i) => values <= previous.widths[i]! || (previous.isCut && !isWhole));
  return fitsPrevious ? previous : { table, title, widths, isCut };
}

/** Cuts the first column of times to the time of day in microseconds where all are of one day; returns the day. */
function shortenTimes(columns: readonly Column[], rows: string[][]): string | undefined {
  const place = columns.findIndex(({ type, isList }) => type === "timestamp" && !isList);
  const days = new Set(rows.map((row) => row[place]?.slice(0, 10) ?? ""));
  const [day] = days;
  if (days.size !== 1 || day === undefined || day === "") return undefined;
  // RFC 3339: 2026-01-31T12:00:00.123456789Z.
  for (const row of rows) row[place] = row[place]!.slice(11, 26);
  return day;
}

function isWhole({ type, isList }: Column): boolean {
  return !isList && !CUTTABLE.has(type);
}
