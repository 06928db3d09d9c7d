/** What kind of failure a {@link WireloomError} reports. */
export type ErrorCode =
  /** The command line or a request is not formed as it must be. */
  | "usage"
  /** The file, plugin, resource, row or agent asked for does not exist. */
  | "not_found"
  /** The operating system does not allow it to this user. */
  | "permission_denied"
  /** The collector, the agent's uplink, an interface or an output does not work now; the same may work later. */
  | "unavailable"
  /** The collector, or a proxy in front of it, wants credentials that an agent does not have. */
  | "unauthenticated"
  /** What is at the collector's address does not have the service that takes events. */
  | "unimplemented"
  /** A file is not a capture, or is damaged. */
  | "invalid_capture"
  /** A capture ends inside a packet or its header. */
  | "truncated_capture"
  /** A filter names a field or an operator that does not exist, or a value that is not of the field's form. */
  | "invalid_filter"
  /** A request's value other than a filter is not one that is taken. */
  | "invalid_argument"
  /** The client accepts none of the media types that the answer can have. */
  | "not_acceptable"
  /** The bytes of a row group that an agent sent are not rows of its event. */
  | "malformed_row_group"
  /** The database is open in another process, or twice in this one. */
  | "store_locked"
  /** The database was written by a later version. */
  | "store_newer"
  /** The database cannot be opened, or a statement failed. Clients learn that the store failed, its log why. */
  | "store_failed"
  /** The database works again only once it is opened anew. Clients learn that the store failed, its log why. */
  | "store_broken"
  /** The disk that holds the database is full. */
  | "store_full"
  /** The port to listen on is taken. */
  | "address_in_use"
  /** There is no network interface of this name. */
  | "interface_not_found"
  /** A native library, or an npm package that is optional, is not installed. */
  | "missing_library"
  /** A program that unpacks a capture is not installed. */
  | "missing_program"
  /** A bound on memory, or on the number of agents, is reached; the same request will reach it again. */
  | "resource_exhausted"
  /** Another agent with this id is connected. */
  | "already_exists"
  /** Too much else is running or waiting; the same request can be sent again in a moment. */
  | "overloaded"
  /** A query ran for longer than queries may. */
  | "deadline_exceeded"
  /** The client withdrew its request. */
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
