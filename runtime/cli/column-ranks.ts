import type { Column } from "../schema/event-table.js";

/** Columns with the outcome and the duration of a transaction, by the names that plugins use. */
const TRANSACTION_COLUMNS: ReadonlySet<string> = new Set(["state", "latency"]);
/** Number of a protocol's own columns that are kept with the addresses: most protocols begin with the request. */
const MAIN_COLUMNS = 2;

/**
 * Which columns of a protocol's list are omitted first in a narrow terminal, the highest number first: the state and latency of a
 * transaction (3), the protocol's own columns after its first two (2), addresses (1), the time and the first two own columns (0).
 */
export function columnRanks(columns: readonly Column[]): number[] {
  let own = 0;
  return columns.map(({ name, type, messagePath }) => {
    if (messagePath.length > 1) return type === "timestamp" ? 0 : 1;
    if (TRANSACTION_COLUMNS.has(name)) return 3;
    return own++ < MAIN_COLUMNS ? 0 : 2;
  });
}
