import type { RefusedCount } from "../agent/refused-rows.js";

/** Rows that could not be stored, one line for each plugin and reason. */
export function formatRefused(refused: readonly RefusedCount[]): string {
  return refused.map(({ resource, reason, rows }) => `${resource}: ${rows} rows refused: ${reason}\n`).join("");
}
