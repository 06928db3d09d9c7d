import type { FileHandle } from "node:fs/promises";
import type { ByteInput } from "./byte-input.js";

/** A regular file without read-ahead: the caller's block is filled in place. */
export class FileInput implements ByteInput {
  readonly #handle: FileHandle;
  readonly bytesTotal: number;
  bytesRead = 0;

  constructor(handle: FileHandle, bytesTotal: number) {
    this.#handle = handle;
    this.bytesTotal = bytesTotal;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(target, offset, target.length - offset, null);
    this.bytesRead += bytesRead;
    return bytesRead;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
