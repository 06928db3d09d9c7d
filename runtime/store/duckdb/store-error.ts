import { WireloomError } from "../../wireloom-error.js";

/** What a failed query means for people. */
export function storeError(path: string, error: unknown): WireloomError {
  if (error instanceof WireloomError) return error;
  const text = textOf(error);
  if (/^INTERRUPT/i.test(text)) return new WireloomError("unavailable", "the query was stopped", { cause: error });
  if (/max_temp_directory_size|out of memory/i.test(text)) {
    return new WireloomError(
      "resource_exhausted",
      "the query needs more memory than the store has for it; narrow it, for example with time_gte or fewer fields",
      { cause: error },
    );
  }
  return writeError(path, error);
}

/**
 * What a failed write means: `malformed_row_group` for rows that cannot be stored, `store_full`, `store_broken` or `store_failed`. A sender
 * tries again after the last three, whatever the reason. A `store_full` may be passed on to clients; the other two name paths and statements,
 * and are for the log alone.
 */
export function writeError(path: string, error: unknown): WireloomError {
  if (error instanceof WireloomError) return error;
  const text = textOf(error);
  if (/has been invalidated/i.test(text)) {
    const reason = `${path} must be opened anew after a failed checkpoint; make room on its disk and start the collector again`;
    return new WireloomError("store_broken", reason, { cause: error });
  }
  if (isDiskFull(text)) {
    return new WireloomError("store_full", "the collector's disk is full; make room there", { cause: error });
  }
  if (isDamage(text)) {
    const reason = `${path} is damaged: ${firstLine(text)}; stop the collector and restore the database from a copy`;
    return new WireloomError("store_failed", reason, { cause: error });
  }
  return new WireloomError("store_failed", `${path} failed: ${firstLine(text)}`, { cause: error });
}

/** Whether a DuckDB message reports that the disk has no room. */
export function isDiskFull(text: string): boolean {
  return /no space left|disk (is )?full|ENOSPC|quota exceeded/i.test(text);
}

/** Whether a DuckDB message reports that the file is not as DuckDB wrote it. */
export function isDamage(text: string): boolean {
  return /could not read enough bytes|computed checksum|corrupt/i.test(text);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A DuckDB message without what follows its first line. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.replace(/^\w+ Error: /, "");
}
