/**
 * Width for tables: that of the terminal, or of the environment's `COLUMNS`; undefined, for unlimited width, if
 * the output is not a terminal and `COLUMNS` is not set.
 */
export function terminalWidth(isStandardOutput: boolean): number | undefined {
  if (isStandardOutput && process.stdout.isTTY) return process.stdout.columns;
  const columns = Number(process.env["COLUMNS"]);
  return Number.isInteger(columns) && columns > 0 ? columns : undefined;
}
