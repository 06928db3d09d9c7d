import { once } from "node:events";
import { WireloomError } from "../wireloom-error.js";

const CHUNK_CHARACTERS = 65536;

/** Standard output in large chunks, waiting for a slow reader. */
export class RowOutput {
  #chunk = "";
  #isClosed = false;

  constructor() {
    // A reader such as `head` that has seen enough closes the pipe: no error, but nothing more to write.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#isClosed = true;
    });
  }

  /** True once nobody reads any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Appends text; resolves when there is room for more. */
  async write(text: string): Promise<void> {
    this.#chunk += text;
    if (this.#chunk.length >= CHUNK_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = "";
    if (chunk === "" || this.#isClosed) return;
    if (!process.stdout.write(chunk))
      await Promise.race([once(process.stdout, "drain"), once(process.stdout, "close")]);
  }
}

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
