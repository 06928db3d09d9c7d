import { WireloomError } from "../wireloom-error.js";
import type { CollectorLog } from "./collector-log.js";

/**
 * The error that a client may see: the error itself where the client can act on it. Any other error is logged, and the client learns only
 * that it happened, so that neither SQL nor stack traces leave the collector.
 */
export function publicError(error: unknown, log: CollectorLog): WireloomError {
  if (isClientGone(error)) return new WireloomError("unavailable", "the client went away", { cause: error });
  // A full disk is reported to the operator in the log, and to agents.
  if (error instanceof WireloomError && error.code === "store_full") log(error);
  if (error instanceof WireloomError && !isOfStore(error)) return error;
  log(error);
  const what = error instanceof WireloomError ? "the store failed" : "the collector failed";
  return new WireloomError("unavailable", `${what}; its log says more`, { cause: error });
}

/** Whether the error names paths and statements of the store. */
function isOfStore({ code }: WireloomError): boolean {
  return code === "store_failed" || code === "store_broken";
}

/** Codes of Node's errors of a connection that its other end has closed. */
const GONE_CODES = new Set([
  "ECONNABORTED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_HTTP2_STREAM_ERROR",
  "ERR_HTTP2_INVALID_STREAM",
  "ERR_HTTP2_INVALID_SESSION",
  "ERR_HTTP2_SESSION_ERROR",
]);

/** Whether the error only says that the client is gone. */
function isClientGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "AbortError" || GONE_CODES.has(String((error as NodeJS.ErrnoException).code));
}
