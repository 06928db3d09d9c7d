import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import { expect, test } from "vitest";
import { type ErrorCode, WireloomError } from "../../wireloom-error.js";
import { connectError } from "../rpc/connect-error.js";
import { errorResponse } from "./error-response.js";

/** Statuses in which REST and Connect differ; see docs/api.md. */
const STATUSES_IN_REST: Partial<Record<ErrorCode, number>> = {
  not_acceptable: 406,
  // The store has too little memory for the query, which is not the client's rate (429).
  resource_exhausted: 503,
  // Connect's 499 is not a registered status; nobody receives it.
  canceled: 503,
};

/** All codes, so that a new one cannot be left out. */
const CODES: Readonly<Record<ErrorCode, true>> = {
  usage: true,
  not_found: true,
  permission_denied: true,
  unavailable: true,
  unauthenticated: true,
  unimplemented: true,
  invalid_capture: true,
  truncated_capture: true,
  invalid_filter: true,
  invalid_argument: true,
  not_acceptable: true,
  malformed_row_group: true,
  store_locked: true,
  store_newer: true,
  store_failed: true,
  store_broken: true,
  store_full: true,
  address_in_use: true,
  interface_not_found: true,
  missing_library: true,
  missing_program: true,
  resource_exhausted: true,
  already_exists: true,
  overloaded: true,
  deadline_exceeded: true,
  canceled: true,
};

test.each(Object.keys(CODES) as ErrorCode[])("%s has the status in REST that its code has in Connect", (code) => {
  const error = new WireloomError(code, "what was wrong");
  const response = errorResponse(error, () => undefined);
  const { code: connectCode } = connectError(error, () => undefined);
  expect(response.status).toBe(STATUSES_IN_REST[code] ?? codeToHttpStatus(connectCode));
});

test("only a client that was refused for the load is told when to try again", () => {
  const retryAfter = (code: ErrorCode) =>
    errorResponse(new WireloomError(code, "refused"), () => undefined).headers.get("retry-after");
  expect(retryAfter("overloaded")).toBe("1");
  expect(retryAfter("deadline_exceeded")).toBeNull();
  expect(retryAfter("resource_exhausted")).toBeNull();
});
