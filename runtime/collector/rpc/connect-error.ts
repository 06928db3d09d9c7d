import { Code, ConnectError } from "@connectrpc/connect";
import type { ErrorCode } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { publicError } from "../public-error.js";

/** Codes of errors in Connect and gRPC. Codes that no request causes are faults of the collector: `Internal`. */
const CODES: Readonly<Record<ErrorCode, Code>> = {
  usage: Code.InvalidArgument,
  invalid_filter: Code.InvalidArgument,
  invalid_argument: Code.InvalidArgument,
  not_acceptable: Code.InvalidArgument,
  malformed_row_group: Code.InvalidArgument,
  permission_denied: Code.PermissionDenied,
  unauthenticated: Code.Unauthenticated,
  unimplemented: Code.Unimplemented,
  not_found: Code.NotFound,
  already_exists: Code.AlreadyExists,
  unavailable: Code.Unavailable,
  overloaded: Code.Unavailable,
  store_full: Code.Unavailable,
  store_failed: Code.Unavailable,
  store_broken: Code.Unavailable,
  store_locked: Code.Unavailable,
  store_newer: Code.Unavailable,
  resource_exhausted: Code.ResourceExhausted,
  deadline_exceeded: Code.DeadlineExceeded,
  canceled: Code.Canceled,
  invalid_capture: Code.Internal,
  truncated_capture: Code.Internal,
  address_in_use: Code.Internal,
  interface_not_found: Code.Internal,
  missing_library: Code.Internal,
  missing_program: Code.Internal,
};

/** An error as Connect and gRPC carry it. */
export function connectError(error: unknown, log: CollectorLog): ConnectError {
  if (error instanceof ConnectError) return error;
  const { code, message } = publicError(error, log);
  return new ConnectError(message, CODES[code]);
}
