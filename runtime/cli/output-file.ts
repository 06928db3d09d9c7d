import { type FileHandle, open, stat } from "node:fs/promises";
import { WireloomError } from "../wireloom-error.js";
import type { OutputTarget } from "./row-output.js";
import { writeFailure } from "./write-failure.js";

const STANDARD_INPUT = "/dev/stdin";

/**
 * Opens the file of `--output`, which is created or emptied. Throws `usage` if the file is one of `inputs` (paths, `-` for standard input), and
 * the errors of {@link writeFailure}.
 */
export async function openOutputFile(path: string, inputs: readonly string[]): Promise<OutputTarget> {
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isFile()) {
    for (const input of inputs) {
      const { dev, ino } = (await stat(input === "-" ? STANDARD_INPUT : input).catch(() => undefined)) ?? {};
      if (dev === existing.dev && ino === existing.ino) {
        throw new WireloomError("usage", `--output ${path} is one of the captures to read; name another file`);
      }
    }
  }
  try {
    return new OutputFile(path, await open(path, "w"));
  } catch (error) {
    throw writeFailure(path, error);
  }
}

class OutputFile implements OutputTarget {
  readonly #path: string;
  readonly #handle: FileHandle;
  #isClosed = false;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async write(text: string): Promise<void> {
    try {
      await this.#handle.writeFile(text);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EPIPE") this.#isClosed = true;
      else throw writeFailure(this.#path, error);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
