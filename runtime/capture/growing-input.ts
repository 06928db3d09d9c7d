import { type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { type ByteInput, IDLE } from "./byte-input.js";
import { openFailure } from "./capture-file.js";

const IDLE_MS = 100;
const DISCARDED_BYTES = 64 * 1024;

/** A file that is being written: its end is not the end of the input, but where it was emptied or another file took its place. */
export class GrowingInput implements ByteInput {
  readonly bytesTotal = 0;
  bytesRead = 0;
  /** Why the input ended; undefined while it continues. */
  end: "emptied" | "replaced" | undefined;
  private readonly discarded = new Uint8Array(DISCARDED_BYTES);

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Opens the file of the path; rejects as {@link openFailure} has it. */
  static async open(path: string): Promise<GrowingInput> {
    try {
      return new GrowingInput(path, await open(path, "r"));
    } catch (error) {
      throw openFailure(path, error);
    }
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    if (this.end !== undefined) return 0;
    // The place comes first: what is written to the old file until its name is taken is still read.
    const isReplaced = await this.isReplaced();
    const { bytesRead } = await this.handle.read(target, offset, target.length - offset, this.bytesRead);
    this.bytesRead += bytesRead;
    if (bytesRead > 0) return bytesRead;
    if (isReplaced) this.end = "replaced";
    else if ((await this.handle.stat()).size < this.bytesRead) this.end = "emptied";
    if (this.end !== undefined) return 0;
    await setTimeout(IDLE_MS);
    return IDLE;
  }

  /** Reads on without keeping what comes, so that the end is found. */
  async discard(): Promise<void> {
    await this.read(this.discarded, 0);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** True once the path names another file; while it names none, the old one may still be written. */
  private async isReplaced(): Promise<boolean> {
    const named = await stat(this.path).catch(() => undefined);
    if (named === undefined) return false;
    const opened = await this.handle.stat();
    return named.ino !== opened.ino || named.dev !== opened.dev;
  }
}
