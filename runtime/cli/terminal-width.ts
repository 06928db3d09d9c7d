/**
 * Columns that a table fits: those of the terminal, or of the environment's `COLUMNS`; undefined, for as wide as its values are, where
 * the output is neither a terminal nor has `COLUMNS` set.
 */
export function terminalWidth(isStandardOutput: boolean): number | undefined {
  if (isStandardOutput && process.stdout.isTTY) return process.stdout.columns;
  const columns = Number(process.env["COLUMNS"]);
  return Number.isInteger(columns) && columns > 0 ? columns : undefined;
}
