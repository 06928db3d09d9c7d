import { createGunzip } from "node:zlib";
import { type ByteInput, IDLE } from "./byte-input.js";

/** Compressed bytes given to zlib at a time; they inflate to about a thousand times as much at worst, which bounds the memory. */
const COMPRESSED_BLOCK_BYTES = 16 * 1024;

/** zlib loses what it inflated of a chunk when it finds damage in it, so chunks are small. */
const INFLATED_CHUNK_BYTES = 64 * 1024;

/** True when the bytes start as a gzip member does (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array, count: number): boolean {
  return count >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Gzip over another input, one member or several. It is driven by hand rather than piped, so that what was inflated
 * before a damaged or missing part is still handed over.
 */
export class GzipInput implements ByteInput {
  private readonly gunzip = createGunzip({ chunkSize: INFLATED_CHUNK_BYTES });
  private readonly inflated: Uint8Array[] = [];
  private inflatedStart = 0;
  private failure: Error | undefined;
  private ended = false;

  /** `head` is what was already read from `compressed`. */
  constructor(
    private readonly compressed: ByteInput,
    private head: Uint8Array | undefined,
  ) {
    this.gunzip.on("data", (chunk: Uint8Array) => this.inflated.push(chunk));
    this.gunzip.on("error", (error) => {
      this.failure = error;
    });
  }

  get bytesRead(): number {
    return this.compressed.bytesRead;
  }

  get bytesTotal(): number {
    return this.compressed.bytesTotal;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    while (this.inflated.length === 0) {
      if (this.failure !== undefined) throw this.failure;
      if (this.ended) return 0;
      if ((await this.inflateMore()) === IDLE) return IDLE;
    }
    const chunk = this.inflated[0]!;
    const count = Math.min(chunk.length - this.inflatedStart, target.length - offset);
    target.set(chunk.subarray(this.inflatedStart, this.inflatedStart + count), offset);
    this.inflatedStart += count;
    if (this.inflatedStart === chunk.length) {
      this.inflated.shift();
      this.inflatedStart = 0;
    }
    return count;
  }

  async close(): Promise<void> {
    this.gunzip.destroy();
    await this.compressed.close();
  }

  private async inflateMore(): Promise<number> {
    let block = this.head;
    this.head = undefined;
    if (block === undefined) {
      block = new Uint8Array(COMPRESSED_BLOCK_BYTES);
      const count = await this.compressed.read(block, 0);
      if (count === IDLE) return IDLE;
      block = block.subarray(0, count);
    }
    if (block.length === 0) {
      this.ended = true;
      await this.outcome((done) => this.gunzip.once("end", done).end());
    } else {
      const input = block;
      await this.outcome((done) => this.gunzip.write(input, done));
    }
    return block.length;
  }

  /** Waits until zlib is done or has failed; a failure is kept until what came before it is handed over. */
  private async outcome(begin: (done: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      // After an error zlib calls nobody back.
      this.gunzip.once("close", resolve);
      begin(() => {
        this.gunzip.off("close", resolve);
        resolve();
      });
    });
  }
}
