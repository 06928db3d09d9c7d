import { type ErrorCode, WireloomError } from "../wireloom-error.js";

/**
 * Why a session could not be opened, or was lost. The uplink acts on the code: `unauthenticated`, `permission_denied` and `unimplemented`
 * end the agent; `invalid_argument` and `resource_exhausted` may be a batch's own fault, which is searched for; `already_exists` says that
 * another agent has the id; after every other one the same is tried again. The message says what happened, as part of a sentence.
 */
export class TransportError extends WireloomError {
  /** What the operator can do where the collector was not reached; undefined where it is not known. */
  readonly advice: string | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; advice?: string } = {}) {
    super(code, message, options);
    this.advice = options.advice;
  }

  /** The error that a transport failed with, as a transport error: its own code where it has one, otherwise `unavailable`. */
  static from(error: unknown): TransportError {
    if (error instanceof TransportError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new TransportError(error instanceof WireloomError ? error.code : "unavailable", message, { cause: error });
  }
}
