import { Code, ConnectError } from "@connectrpc/connect";
import type { ErrorCode } from "../../wireloom-error.js";
import { type ErrorLog, publicError } from "../public-error.js";

const CODES: Partial<Record<ErrorCode, Code>> = {
  usage: Code.InvalidArgument,
  invalid_filter: Code.InvalidArgument,
  invalid_argument: Code.InvalidArgument,
  malformed_segment: Code.InvalidArgument,
  not_found: Code.NotFound,
  permission_denied: Code.PermissionDenied,
  unavailable: Code.Unavailable,
  store_full: Code.Unavailable,
  overloaded: Code.Unavailable,
  deadline_exceeded: Code.DeadlineExceeded,
  canceled: Code.Canceled,
  resource_exhausted: Code.ResourceExhausted,
  already_exists: Code.AlreadyExists,
};

/** An error as Connect and gRPC carry it. */
export function connectError(error: unknown, log: ErrorLog): ConnectError {
  if (error instanceof ConnectError) return error;
  const { code, message } = publicError(error, log);
  return new ConnectError(message, CODES[code] ?? Code.Internal);
}
