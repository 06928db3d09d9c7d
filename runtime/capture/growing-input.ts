import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { readFailure } from "../read-failure.js";
import { WireloomError } from "../wireloom-error.js";
import { type ByteInput, IDLE } from "./byte-input.js";
import { openFailure } from "./capture-file.js";

const IDLE_MS = 100;
const DISCARDED_BYTES = 64 * 1024;

/** A file that is being written: its end is the end of the input only if it was emptied or replaced by another file. */
export class GrowingInput implements ByteInput {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly bytesTotal = 0;
  bytesRead = 0;
  /** Why the input ended; undefined while it continues. */
  end: "emptied" | "replaced" | undefined;
  readonly #discarded = new Uint8Array(DISCARDED_BYTES);

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Opens the file of the path; rejects with {@link openFailure}, and with `invalid_argument` for other than regular files. */
  static async open(path: string): Promise<GrowingInput> {
    // Opening a named pipe would wait for its writer, in a system call that occupies a thread and keeps the process from ending.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
      throw openFailure(path, error);
    });
    const status = await handle.stat();
    if (status.isFile()) return new GrowingInput(path, handle);
    await handle.close();
    throw status.isDirectory()
      ? new WireloomError("invalid_argument", `${path} is a directory; name a capture file in it`)
      : new WireloomError(
          "invalid_argument",
          `${path} is not a regular file, and does not grow; read it without --follow`,
        );
  }

  /** Rejects with {@link readFailure}. */
  async read(target: Uint8Array, offset: number): Promise<number> {
    try {
      return await this.#readOn(target, offset);
    } catch (error) {
      throw readFailure(this.#path, error);
    }
  }

  async #readOn(target: Uint8Array, offset: number): Promise<number> {
    if (this.end !== undefined) return 0;
    // The check for a replacement comes first: bytes written to the old file until it is replaced are still read.
    const isReplaced = await this.#isReplaced();
    const { bytesRead } = await this.#handle.read(target, offset, target.length - offset, this.bytesRead);
    this.bytesRead += bytesRead;
    if (bytesRead > 0) return bytesRead;
    if (isReplaced) this.end = "replaced";
    else if ((await this.#handle.stat()).size < this.bytesRead) this.end = "emptied";
    if (this.end !== undefined) return 0;
    await setTimeout(IDLE_MS);
    return IDLE;
  }

  /** Reads and discards the rest, to find the end; for an unreadable file, the end is the next file in its place. */
  async discard(): Promise<void> {
    try {
      await this.read(this.#discarded, 0);
    } catch {
      if (await this.#isReplaced()) this.end = "replaced";
      else await setTimeout(IDLE_MS);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Whether the path names another file; while it does not exist, the old file may still be written. */
  async #isReplaced(): Promise<boolean> {
    const named = await stat(this.#path).catch(() => undefined);
    if (named === undefined) return false;
    const opened = await this.#handle.stat();
    return named.ino !== opened.ino || named.dev !== opened.dev;
  }
}
