/** What kind of failure a {@link WireloomError} reports. */
export type ErrorCode =
  | "usage"
  | "not_found"
  | "permission_denied"
  | "unavailable"
  | "invalid_capture"
  | "truncated_capture"
  | "invalid_filter"
  | "invalid_argument"
  | "not_acceptable"
  | "malformed_segment"
  | "store_locked"
  | "store_newer"
  | "store_failed"
  | "store_full"
  | "address_in_use"
  | "interface_not_found"
  | "missing_library"
  | "missing_program"
  | "resource_exhausted"
  | "already_exists"
  | "overloaded"
  | "deadline_exceeded"
  | "canceled";

/**
 * An error that a person can act on. The message is one lower-case sentence that says what was wrong, with what,
 * and what to do; commands print it without a stack trace.
 */
export class WireloomError extends Error {
  override readonly name = "WireloomError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
