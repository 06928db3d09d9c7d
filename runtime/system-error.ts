/** Whether the error is one of the operating system's, such as `EIO`, which the machine causes and no program's fault is. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}
