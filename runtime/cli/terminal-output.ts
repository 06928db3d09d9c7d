import { WireloomError } from "../wireloom-error.js";

/** One line about the run, on standard error. */
export function say(message: string): void {
  process.stderr.write(`wireloom: ${message}\n`);
}

/** The line that a person sees of an error: of a known kind its message alone, of a bug all there is. */
export function describeError(error: unknown): string {
  if (error instanceof WireloomError) return error.message;
  if (error instanceof Error) return `this is a bug, please report it: ${error.stack ?? error.message}`;
  return String(error);
}
