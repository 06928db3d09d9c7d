import type { ErrorCode } from "../wireloom-error.js";
import type { TransportError } from "./transport-error.js";

/** Errors that may be a batch's own fault. */
export const REFUSAL_CODES: ReadonlySet<ErrorCode> = new Set(["invalid_argument", "resource_exhausted"]);

/** What happened to a session, and what can be done about it; `collector` is what messages call the collector. */
export function describeFailure(collector: string, reason: TransportError, wasOpen: boolean): string {
  const { code, message, advice } = reason;
  if (code === "already_exists") return `${collector} refused this agent: ${message}`;
  if (REFUSAL_CODES.has(code)) return `${collector} refused a request: ${message}`;
  if (wasOpen) return `the connection to ${collector} was lost (${message})`;
  return `${collector} cannot be reached (${message})${advice === undefined ? "" : `; ${advice}`}`;
}
