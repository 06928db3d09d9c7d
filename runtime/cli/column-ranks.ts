import type { Column } from "../schema/event-table.js";

/** What plugins call how a transaction ended, and how long it took. */
const TRANSACTION_COLUMNS: ReadonlySet<string> = new Set(["state", "latency"]);
/** Columns of a protocol's own that stay beside addresses: most begin with what was asked for. */
const MAIN_COLUMNS = 2;

/**
 * Which columns of a protocol's list are omitted first in a narrow terminal, the highest number first: the state and latency of a
 * transaction (3), the protocol's own columns after its first two (2), addresses (1), the time and what the protocol says (0).
 */
export function columnRanks(columns: readonly Column[]): number[] {
  let own = 0;
  return columns.map(({ name, type, messagePath }) => {
    if (messagePath.length > 1) return type === "timestamp" ? 0 : 1;
    if (TRANSACTION_COLUMNS.has(name)) return 3;
    return own++ < MAIN_COLUMNS ? 0 : 2;
  });
}
