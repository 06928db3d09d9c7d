import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import { type ByteInput, IDLE } from "./byte-input.js";
import { DecompressionError } from "./decompression-error.js";
import { GZIP_TRAILER_BYTES, gzipHeaderLength, isGzip } from "./gzip-header.js";

/** Compressed bytes passed to zlib at a time; they inflate at most about a thousandfold, which limits the memory. */
const COMPRESSED_BLOCK_BYTES = 16 * 1024;
/** zlib discards the inflated bytes of a chunk when it finds damage in it, so chunks are small. */
const INFLATED_CHUNK_BYTES = 64 * 1024;
/** Maximum number of headers, blocks and trailers that are processed in one call. */
const MAX_STEPS = 1000;
/** A header may have a name and a comment; anything longer is not a header. */
const MAX_HEADER_BYTES = 256 * 1024;

/**
 * Gzip over another input, one member or several. The members' headers and trailers are read here, and zlib inflates the data between them, so
 * a wrong check sum, which follows the data, does not lose any of it. zlib is called directly and not through a pipe, so that the data before a
 * damaged or missing part is still returned.
 */
export class GzipInput implements ByteInput {
  readonly #compressed: ByteInput;
  #inflate: InflateRaw | undefined;
  readonly #inflated: Uint8Array[] = [];
  #inflatedStart = 0;
  /** Compressed bytes that were read and not consumed. */
  #rest: Uint8Array;
  #checksum = 0;
  #memberBytes = 0;
  #failure: Error | undefined;
  #hasEnded = false;
  #expects: "header" | "data" | "trailer" | "member" = "header";

  /** `head` are the bytes that were already read from `compressed`. */
  constructor(compressed: ByteInput, head: Uint8Array) {
    this.#compressed = compressed;
    this.#rest = head;
  }

  get bytesRead(): number {
    return this.#compressed.bytesRead;
  }

  get bytesTotal(): number {
    return this.#compressed.bytesTotal;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    for (let steps = 0; this.#inflated.length === 0; steps++) {
      // Members may be empty and numerous; the reader decides whether to continue.
      if (steps === MAX_STEPS) return IDLE;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#hasEnded) return 0;
      try {
        if ((await this.#advance()) === IDLE) return IDLE;
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
      }
    }
    const chunk = this.#inflated[0]!;
    const count = Math.min(chunk.length - this.#inflatedStart, target.length - offset);
    target.set(chunk.subarray(this.#inflatedStart, this.#inflatedStart + count), offset);
    this.#inflatedStart += count;
    if (this.#inflatedStart === chunk.length) {
      this.#inflated.shift();
      this.#inflatedStart = 0;
    }
    return count;
  }

  async close(): Promise<void> {
    this.#inflate?.destroy();
    await this.#compressed.close();
  }

  /** Continues with a header, a block of data or a trailer; reads more of the input if needed. */
  async #advance(): Promise<number> {
    if (await this.#step()) return 1;
    const block = new Uint8Array(COMPRESSED_BLOCK_BYTES);
    const count = await this.#compressed.read(block, 0);
    if (count === IDLE) return IDLE;
    if (count > 0) {
      const read = block.subarray(0, count);
      this.#rest = this.#rest.length === 0 ? read : Buffer.concat([this.#rest, read]);
    } else if (this.#expects === "member" && this.#rest.length === 0) this.#hasEnded = true;
    else throw new DecompressionError("the gzip compression ends early", true);
    return 1;
  }

  /** Consumes the next expected part from `rest`; returns false if it is incomplete. */
  async #step(): Promise<boolean> {
    const rest = this.#rest;
    switch (this.#expects) {
      case "member":
        // Blocked output is padded with zeros.
        if (rest.every((byte) => byte === 0)) {
          this.#rest = rest.subarray(rest.length);
          return false;
        }
        if (rest.length < 2) return false;
        if (!isGzip(rest, rest.length))
          throw new DecompressionError("it has trailing bytes that are not gzip data", false);
        this.#expects = "header";
        return true;
      case "header": {
        const length = gzipHeaderLength(rest);
        if (length === -1 || (length === undefined && rest.length > MAX_HEADER_BYTES))
          throw new DecompressionError("its gzip header is damaged", false);
        if (length === undefined) return false;
        this.#rest = rest.subarray(length);
        this.#beginData();
        return true;
      }
      case "data":
        if (rest.length === 0) return false;
        if (await this.#inflateBlock()) this.#expects = "trailer";
        return true;
      case "trailer":
        if (rest.length < GZIP_TRAILER_BYTES) return false;
        this.#checkTrailer(new DataView(rest.buffer, rest.byteOffset, GZIP_TRAILER_BYTES));
        this.#rest = rest.subarray(GZIP_TRAILER_BYTES);
        this.#expects = "member";
        return true;
    }
  }

  #beginData(): void {
    this.#expects = "data";
    this.#checksum = 0;
    this.#memberBytes = 0;
    this.#inflate = createInflateRaw({ chunkSize: INFLATED_CHUNK_BYTES });
    this.#inflate.on("data", (chunk: Uint8Array) => {
      this.#checksum = crc32(chunk, this.#checksum);
      this.#memberBytes += chunk.length;
      this.#inflated.push(chunk);
    });
  }

  /** Inflates a block of the available bytes; returns true if the member's data ended, with `rest` after it. */
  async #inflateBlock(): Promise<boolean> {
    const inflate = this.#inflate!;
    const rest = this.#rest;
    const before = inflate.bytesWritten;
    const outcome = await new Promise<Error | boolean>((resolve) => {
      inflate.once("error", resolve);
      inflate.once("end", () => resolve(true));
      inflate.write(rest.subarray(0, COMPRESSED_BLOCK_BYTES), () => resolve(false));
    });
    inflate.removeAllListeners("error");
    inflate.removeAllListeners("end");
    if (outcome instanceof Error)
      throw new DecompressionError(`its gzip compression is damaged (${outcome.message})`, false, { cause: outcome });
    this.#rest = rest.subarray(outcome ? inflate.bytesWritten - before : Math.min(rest.length, COMPRESSED_BLOCK_BYTES));
    return outcome;
  }

  #checkTrailer(trailer: DataView): void {
    this.#inflate?.destroy();
    if (trailer.getUint32(0, true) !== this.#checksum)
      throw new DecompressionError("its gzip check sum is wrong", false);
    if (trailer.getUint32(4, true) !== this.#memberBytes % 2 ** 32)
      throw new DecompressionError("the length in its gzip trailer is wrong", false);
  }
}
