import { WireloomError } from "../wireloom-error.js";

let hasTimes = false;

/** From here on each line of {@link say} begins with its time, unless it goes to systemd's journal, which has times of its own. */
export function showTimes(): void {
  hasTimes = process.env.JOURNAL_STREAM === undefined;
}

/** One line about the run, on standard error. */
export function say(message: string): void {
  const time = hasTimes ? `${new Date().toISOString().slice(0, -5)}Z ` : "";
  process.stderr.write(`${time}wireloom: ${message}\n`);
}

/** The line that a person sees of an error: of a known kind its message alone, of a bug all there is. */
export function describeError(error: unknown): string {
  if (error instanceof WireloomError) return error.message;
  if (error instanceof Error) return `this is a bug, please report it: ${error.stack ?? error.message}`;
  return String(error);
}
