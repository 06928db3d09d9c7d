import { sourceStack } from "../node/source-maps.js";
import { WireloomError } from "../wireloom-error.js";

let hasTimes = false;

/** Makes each line of {@link say} begin with its time, unless it is written to systemd's journal, which adds times. */
export function showTimes(): void {
  hasTimes = process.env.JOURNAL_STREAM === undefined;
}

/** One line about the run, on standard error. */
export function say(message: string): void {
  const time = hasTimes ? `${new Date().toISOString().slice(0, -5)}Z ` : "";
  process.stderr.write(`${time}wireloom: ${message}\n`);
}

/** The text of an error for a person: only the message of an expected error, and the stack of a bug. */
export function describeError(error: unknown): string {
  if (error instanceof WireloomError) return error.message;
  if (error instanceof Error) return `this is a bug, please report it: ${sourceStack(error.stack ?? error.message)}`;
  return String(error);
}
