import { expect } from "vitest";
import type { Finished } from "./run-wireloom.js";

/** Checks that a command failed with one clear line and no stack trace. */
export function expectLine({ code, stderr }: Finished, expectedCode: number, line: RegExp): void {
  expect(stderr).toMatch(line);
  expect(stderr).not.toMatch(/\n\s+at |Error:/);
  expect(code).toBe(expectedCode);
}
