import type { ErrorCode } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { publicError } from "../public-error.js";
import { jsonResponse } from "./json-response.js";

/** Statuses of errors in REST. Codes that no request causes are faults of the collector: 500. */
const STATUSES: Readonly<Record<ErrorCode, number>> = {
  usage: 400,
  invalid_filter: 400,
  invalid_argument: 400,
  malformed_row_group: 400,
  permission_denied: 403,
  not_found: 404,
  not_acceptable: 406,
  unauthenticated: 401,
  unimplemented: 501,
  already_exists: 409,
  unavailable: 503,
  overloaded: 503,
  resource_exhausted: 503,
  store_full: 503,
  store_failed: 503,
  store_broken: 503,
  store_locked: 503,
  store_newer: 503,
  deadline_exceeded: 504,
  // Not delivered: the client is gone.
  canceled: 503,
  invalid_capture: 500,
  truncated_capture: 500,
  address_in_use: 500,
  interface_not_found: 500,
  missing_library: 500,
  missing_program: 500,
};

/** Seconds after which a client that was refused because of the load may try again. */
const RETRY_AFTER = { "retry-after": "1" };

/** The response to a failed request: `{"error":{"code","message"}}`. */
export function errorResponse(error: unknown, log: CollectorLog): Response {
  const { code, message } = publicError(error, log);
  const headers = code === "overloaded" ? RETRY_AFTER : {};
  return jsonResponse(JSON.stringify({ error: { code, message } }), STATUSES[code], headers);
}
