/** Minimum width of a text, and of a heading over short values. */
const MIN_WIDTH = 6;
/** Width, in columns, below which a truncated text is not useful. */
const READABLE_WIDTH = 16;

/** Measured properties of a column of a table. */
export interface ColumnContent {
  /** Width of the heading. */
  readonly heading: number;
  /** Width of the widest value. */
  readonly values: number;
  /** True if a truncated value would be wrong, such as a number or an address. */
  readonly isWhole: boolean;
}

/** A column that may be omitted. */
export interface RankedColumn extends ColumnContent {
  /** The highest rank is omitted first; among equals, the last column. */
  readonly rank: number;
}

/**
 * Widths for columns that together with `gap` between them take at most `total`. Columns are shortened in this order: headings that are
 * wider than their values, then the widest values, all to the same limit. Columns that cannot be shortened or are narrow already keep
 * their width even if the sum is then too large.
 */
export function columnWidths(columns: readonly ColumnContent[], total: number, gap: number): number[] {
  const room = total - gap * (columns.length - 1);
  const natural = columns.map(({ heading, values }) => Math.max(heading, values));
  if (sum(natural) <= room) return natural;
  const needed = columns.map(neededWidth);
  if (sum(needed) <= room) return widen(needed, natural, room);
  const least = columns.map(leastWidth);
  // The largest limit with which the columns fit; trying all is cheap with few columns and short rows.
  let bound = Math.min(room, Math.max(...needed));
  const bounded = () => needed.map((width, i) => Math.max(least[i]!, Math.min(width, bound)));
  while (bound > MIN_WIDTH && sum(bounded()) > room) bound--;
  return widen(bounded(), needed, room);
}

/**
 * Indexes of the columns that fit in `total`, with `gap` between them; at least one. Columns are omitted, highest rank first and then from the
 * end, until no whole value is truncated and every text keeps {@link READABLE_WIDTH}.
 */
export function fittingColumns(columns: readonly RankedColumn[], total: number, gap: number): number[] {
  const shown = [...columns.keys()];
  const width = () => sum(shown.map((i) => readableWidth(columns[i]!) + gap)) - gap;
  while (shown.length > 1 && width() > total) {
    const highest = Math.max(...shown.map((i) => columns[i]!.rank));
    shown.splice(
      shown.findLastIndex((i) => columns[i]!.rank === highest),
      1,
    );
  }
  return shown;
}

function readableWidth(column: ColumnContent): number {
  const needed = neededWidth(column);
  return column.isWhole ? needed : Math.min(needed, READABLE_WIDTH);
}

/** Width of the values of a column that cannot be shortened and the beginning of its heading; of another one, of the beginning of both. */
function leastWidth(column: ColumnContent): number {
  const needed = neededWidth(column);
  return column.isWhole ? needed : Math.min(needed, MIN_WIDTH);
}

/** Width of the values and of the beginning of the heading. */
function neededWidth({ heading, values }: ColumnContent): number {
  return Math.max(values, Math.min(heading, MIN_WIDTH));
}

/** Distributes the rest of `room` to the first columns that can use it. */
function widen(widths: readonly number[], wanted: readonly number[], room: number): number[] {
  let left = room - sum(widths);
  return widths.map((width, i) => {
    const more = Math.min(Math.max(0, left), wanted[i]! - width);
    left -= more;
    return width + more;
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
