import { type ChildProcess, spawn } from "node:child_process";
import { WireloomError } from "../wireloom-error.js";
import { type ByteInput, IDLE } from "./byte-input.js";
import { DecompressionError } from "./decompression-error.js";
import { StreamInput } from "./stream-input.js";

const COMPRESSED_BLOCK_BYTES = 64 * 1024;
const MAX_MESSAGE_CHARACTERS = 300;

/** A compression that a system program decompresses, from standard input to standard output. */
export interface Compression {
  readonly program: string;
  readonly args: readonly string[];
  /** First bytes of compressed data. */
  readonly magic: readonly number[];
}

/** Programs that verify their input, concatenate several streams in one file, and respect a memory limit. */
const COMPRESSIONS: readonly Compression[] = [
  // RFC 8878, section 3.1.1; zstd refuses windows of more than 128 MiB. Data may begin with a skippable frame (section 3.1.2).
  { program: "zstd", args: ["-dcq"], magic: [0x28, 0xb5, 0x2f, 0xfd] },
  ...Array.from({ length: 16 }, (_, i) => ({ program: "zstd", args: ["-dcq"], magic: [0x50 + i, 0x2a, 0x4d, 0x18] })),
  // The .xz file format, section 2.1.1.1.
  { program: "xz", args: ["-dcq", "--memlimit-decompress=256MiB"], magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  // Without -q, which leaves nothing on standard error.
  { program: "bzip2", args: ["-dc"], magic: [0x42, 0x5a, 0x68] },
  { program: "lz4", args: ["-dcq"], magic: [0x04, 0x22, 0x4d, 0x18] },
  // LZ4's legacy frame, of `lz4 -l`.
  { program: "lz4", args: ["-dcq"], magic: [0x02, 0x21, 0x4c, 0x18] },
];

/** The compression of data with this beginning; undefined for none of these. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return COMPRESSIONS.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
}

/**
 * Decompresses another input with a system program. Output that the program wrote before it found damage is returned; `read` then
 * rejects with a {@link DecompressionError} with the program's message. It rejects with a {@link WireloomError} `missing_program` if the program
 * is not installed, and `invalid_capture` if the file needs more memory than the limit.
 */
export class ProgramInput implements ByteInput {
  readonly #name: string;
  readonly #compressed: ByteInput;
  readonly #compression: Compression;
  readonly #child: ChildProcess;
  readonly #output: StreamInput;
  readonly #ended: Promise<Error | undefined>;
  #isClosed = false;
  #message = "";

  /** `head` are the bytes that were already read from `compressed`. */
  constructor(name: string, compressed: ByteInput, head: Uint8Array, compression: Compression) {
    this.#name = name;
    this.#compressed = compressed;
    this.#compression = compression;
    // A separate process group: a signal from the terminal is for this process, which then ends the program.
    this.#child = spawn(compression.program, compression.args, { stdio: "pipe", detached: true });
    this.#output = new StreamInput(this.#child.stdout!);
    this.#child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#message = (this.#message + text).slice(0, MAX_MESSAGE_CHARACTERS);
    });
    // A program that ends early closes the pipe; its exit code gives the reason.
    this.#child.stdin!.on("error", () => undefined);
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", (cause) => resolve(this.#startFailure(cause)));
      // bzip2 ignores data after its end, with a message but without an error.
      this.#child.once("close", (code) =>
        resolve(code === 0 && !/garbage/.test(this.#message) ? undefined : this.#failure()),
      );
    });
    this.#feed(head).catch((error: unknown) => {
      this.#feedFailure = error;
      this.#child.stdin!.end();
    });
  }

  #feedFailure: unknown;

  get bytesRead(): number {
    return this.#compressed.bytesRead;
  }

  get bytesTotal(): number {
    return this.#compressed.bytesTotal;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    const count = await this.#output.read(target, offset);
    if (count !== 0) return count;
    const failure = await this.#ended;
    if (this.#feedFailure !== undefined) throw this.#feedFailure;
    if (failure !== undefined) throw failure;
    return 0;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#child.kill("SIGKILL");
    await this.#output.close();
    await this.#compressed.close();
  }

  /** Writes the compressed bytes to the program, as fast as it reads them. */
  async #feed(head: Uint8Array): Promise<void> {
    const stdin = this.#child.stdin!;
    let block = head;
    while (!this.#isClosed && !stdin.destroyed) {
      if (!stdin.write(block)) await this.#room();
      block = new Uint8Array(COMPRESSED_BLOCK_BYTES);
      let count = IDLE;
      while (count === IDLE && !this.#isClosed && !stdin.destroyed) count = await this.#compressed.read(block, 0);
      if (count <= 0) break;
      block = block.subarray(0, count);
    }
    stdin.end();
  }

  /** Resolves when the program reads on, or ends. */
  #room(): Promise<void> {
    const stdin = this.#child.stdin!;
    return new Promise((resolve) => {
      const done = () => {
        stdin.off("drain", done);
        stdin.off("close", done);
        resolve();
      };
      stdin.once("drain", done);
      stdin.once("close", done);
    });
  }

  #failure(): Error {
    const { program } = this.#compression;
    const words = this.#message
      .trim()
      .split("\n", 1)[0]!
      .replace(new RegExp(`^(${program}: )?(\\(stdin\\)|/\\*stdin\\*\\\\)?[: ]*`), "")
      .replace(/;$/, "");
    if (/memory/i.test(words)) {
      return new WireloomError(
        "invalid_capture",
        `${this.#name} needs more memory to be unpacked than it gets here (${program} reports "${words}"); unpack it first`,
      );
    }
    return new DecompressionError(`${program} reports "${words || "an error"}"`, false);
  }

  #startFailure(cause: Error): WireloomError {
    const { program } = this.#compression;
    return new WireloomError(
      "missing_program",
      `${this.#name} is compressed with ${program}, and the program ${program} is not installed; install it, or decompress the file on another host`,
      { cause },
    );
  }
}
