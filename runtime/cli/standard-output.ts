import type { OutputTarget } from "./row-output.js";
import { writeFailure } from "./write-failure.js";

/** Maximum time in milliseconds that a reader that does not read may delay the end of an interrupted command. */
const LAST_WRITE_MS = 1000;

/**
 * Standard output, at the speed of its reader. If a reader such as `head` closes the pipe, that is not an error, but
 * nothing more is written.
 */
export class StandardOutput implements OutputTarget {
  #isClosed = false;
  #failure: Error | undefined;
  #isWaiting = false;
  #wake: () => void = () => undefined;

  /** `signal` limits the wait for a reader that does not read. */
  constructor(signal: AbortSignal) {
    const end = (error?: NodeJS.ErrnoException) => {
      if (error !== undefined && error.code !== "EPIPE") this.#failure ??= writeFailure("standard output", error);
      this.#isClosed = true;
      this.#wake();
    };
    // One listener of each kind for the whole run: listeners for each wait would accumulate with a slow reader.
    process.stdout.on("drain", () => this.#wake());
    process.stdout.on("close", () => end());
    process.stdout.on("error", end);
    signal.addEventListener(
      "abort",
      () => {
        setTimeout(() => {
          if (this.#isWaiting) end();
        }, LAST_WRITE_MS).unref();
      },
      { once: true },
    );
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether written text has not been read yet. */
  get isStuck(): boolean {
    return process.stdout.writableLength > 0;
  }

  async write(text: string): Promise<void> {
    let hasRoom: boolean;
    try {
      hasRoom = process.stdout.write(text);
    } catch (error) {
      // Standard output to a file is written synchronously, and fails synchronously.
      throw writeFailure("standard output", error);
    }
    if (!hasRoom && !this.#isClosed) await this.#change();
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    while (!this.#isClosed && process.stdout.writableNeedDrain) await this.#change();
  }

  async #change(): Promise<void> {
    this.#isWaiting = true;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#isWaiting = false;
  }
}

let isUnwritable = false;

/**
 * Writes a command's output to standard output; a reader may close the pipe early. Rejects with the error of {@link writeFailure} at the first
 * failure; later text is discarded.
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error | null) => {
      // After a failure, the event follows the callback.
      if (error == null) process.stdout.off("error", end);
      if (error == null || isUnwritable || ("code" in error && error.code === "EPIPE")) resolve();
      else {
        isUnwritable = true;
        reject(writeFailure("standard output", error));
      }
    };
    process.stdout.on("error", end);
    // A file is written synchronously, and fails synchronously.
    try {
      process.stdout.write(text, end);
    } catch (error) {
      end(error as Error);
    }
  });
}
