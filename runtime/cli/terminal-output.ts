import { isSystemError } from "../system-error.js";
import { WireloomError } from "../wireloom-error.js";
import { writeFailure } from "./write-failure.js";

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

let isUnwritable = false;

/**
 * Writes a command's answer to standard output, where a reader that has seen enough closes the pipe. Rejects as {@link writeFailure} has it
 * the first time that it cannot be written; what follows is discarded.
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error | null) => {
      if (error == null || isUnwritable || ("code" in error && error.code === "EPIPE")) resolve();
      else {
        isUnwritable = true;
        reject(writeFailure("standard output", error));
      }
    };
    process.stdout.once("error", end);
    // A file is written at once, and fails at once.
    try {
      process.stdout.write(text, end);
    } catch (error) {
      end(error as Error);
    }
  });
}

/** The line that a person sees of an error: of a known kind its message alone, of a bug all there is. */
export function describeError(error: unknown): string {
  if (error instanceof WireloomError || isSystemError(error)) return error.message;
  if (error instanceof Error) return `this is a bug, please report it: ${error.stack ?? error.message}`;
  return String(error);
}
