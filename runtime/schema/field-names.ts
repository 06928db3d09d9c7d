import type { Column } from "./event-table.js";

/** The names of columns, each once, for a message: a protocol's own first, those of lists before others, then what every protocol's rows have. */
export function fieldNames(columns: readonly Column[]): string[] {
  const own = columns.filter(({ messagePath }) => messagePath.length === 1);
  const listed = own.filter(({ isListed }) => isListed);
  return [...new Set([...listed, ...own, ...columns].map(({ name }) => name))];
}
