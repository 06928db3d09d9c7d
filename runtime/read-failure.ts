import { type ErrorCode, WireloomError } from "./wireloom-error.js";

const NOT_FOUND = { kind: "not_found", advice: "check the path" } as const;
const NOT_PERMITTED = { kind: "permission_denied", advice: "change its permissions or its owner" } as const;
const FAILURES: Readonly<Record<string, { readonly kind: ErrorCode; readonly advice: string }>> = {
  ENOENT: NOT_FOUND,
  ENOTDIR: NOT_FOUND,
  EACCES: NOT_PERMITTED,
  EPERM: NOT_PERMITTED,
  EISDIR: { kind: "invalid_argument", advice: "it is a directory; name a file in it" },
};

/** The error for a file that cannot be read, by what the operating system reports. */
export function readFailure(path: string, cause: unknown): WireloomError {
  const code = systemCode(cause) ?? String(cause);
  const { kind, advice } = FAILURES[code] ?? { kind: "unavailable", advice: "check the disk that holds it" };
  return new WireloomError(kind, `${path} cannot be read (${code}); ${advice}`, { cause });
}

/** The code of a failed system call, such as `EIO`; undefined of any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "syscall" in error && "code" in error ? String(error.code) : undefined;
}
