import type { ErrorCode } from "../../wireloom-error.js";
import { type ErrorLog, publicError } from "../public-error.js";
import { jsonResponse } from "./json-response.js";

const STATUSES: Partial<Record<ErrorCode, number>> = {
  usage: 400,
  invalid_filter: 400,
  invalid_argument: 400,
  not_found: 404,
  not_acceptable: 406,
  unavailable: 503,
  overloaded: 503,
  resource_exhausted: 503,
  store_full: 503,
  deadline_exceeded: 504,
  // Not delivered: the client is gone.
  canceled: 503,
};

/** Seconds after which a client that was refused for the load may try again. */
const RETRY_AFTER = { "retry-after": "1" };

/** The answer to a request that failed: `{"error":{"code","message"}}`. */
export function errorResponse(error: unknown, log: ErrorLog): Response {
  const { code, message } = publicError(error, log);
  const headers = code === "overloaded" ? RETRY_AFTER : {};
  return jsonResponse(JSON.stringify({ error: { code, message } }), STATUSES[code] ?? 500, headers);
}
