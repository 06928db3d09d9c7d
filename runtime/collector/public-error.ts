import { WireloomError } from "../wireloom-error.js";

/** Hears of errors that are ours, not a client's. */
export type ErrorLog = (error: unknown) => void;

/**
 * The error that a client may see: one that it can act on as it is; anything else is logged and only said to have
 * happened, so that neither SQL nor stack traces leave the collector.
 */
export function publicError(error: unknown, log: ErrorLog): WireloomError {
  if (error instanceof WireloomError && error.code !== "store_failed") return error;
  log(error);
  const what = error instanceof WireloomError ? "the store failed" : "the collector failed";
  return new WireloomError("unavailable", `${what}; its log says more`, { cause: error });
}
