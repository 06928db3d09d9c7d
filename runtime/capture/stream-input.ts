import { once } from "node:events";
import type { Readable } from "node:stream";
import { type ByteInput, IDLE } from "./byte-input.js";

const IDLE_MS = 100;

/** A pipe or standard input, which may be live: it returns {@link IDLE} while no data arrives. */
export class StreamInput implements ByteInput {
  readonly #stream: Readable;
  readonly bytesTotal = 0;
  bytesRead = 0;
  #chunk: Uint8Array | undefined;
  #chunkStart = 0;

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    if (this.#chunk === undefined && !(await this.#takeChunk())) return this.#isOver ? 0 : IDLE;
    const chunk = this.#chunk;
    if (chunk === undefined) return IDLE;
    const count = Math.min(chunk.length - this.#chunkStart, target.length - offset);
    target.set(chunk.subarray(this.#chunkStart, this.#chunkStart + count), offset);
    this.#chunkStart += count;
    if (this.#chunkStart === chunk.length) this.#chunk = undefined;
    this.bytesRead += count;
    return count;
  }

  async close(): Promise<void> {
    this.#stream.destroy();
  }

  get #isOver(): boolean {
    return this.#stream.readableEnded || this.#stream.destroyed;
  }

  /** Takes the next chunk, after a short wait for it; false if none arrived. */
  async #takeChunk(): Promise<boolean> {
    this.#chunk = (this.#stream.read() as Uint8Array | null) ?? undefined;
    if (this.#chunk === undefined && !this.#isOver) {
      await this.#somethingHappens();
      this.#chunk = (this.#stream.read() as Uint8Array | null) ?? undefined;
    }
    this.#chunkStart = 0;
    return this.#chunk !== undefined;
  }

  /** Resolves when the stream has bytes, ends, or is silent for {@link IDLE_MS}; rejects when it fails. */
  async #somethingHappens(): Promise<void> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), IDLE_MS);
    try {
      await Promise.race([
        once(this.#stream, "readable", { signal: stop.signal }),
        once(this.#stream, "end", { signal: stop.signal }),
      ]);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }
}
