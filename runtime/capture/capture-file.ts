import { constants, createReadStream, open as openFile } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { type CaptureInterface, PacketBlock } from "../packet/packet-block.js";
import { readFailure, systemCode } from "../read-failure.js";
import { WireloomError } from "../wireloom-error.js";
import { BlockBuffer } from "./block-buffer.js";
import { type ByteInput, IDLE } from "./byte-input.js";
import type { CaptureFormat } from "./capture-format.js";
import { DecompressionError } from "./decompression-error.js";
import { FileInput } from "./file-input.js";
import { isGzip } from "./gzip-header.js";
import { GzipInput } from "./gzip-input.js";
import type { PacketSource, SourceCounters, SourceProgress } from "./packet-source.js";
import { isPcap, PCAP_HEADER_BYTES, PcapFormat } from "./pcap-format.js";
import { isPcapng, PcapngFormat } from "./pcapng-format.js";
import { compressionOf, ProgramInput } from "./program-input.js";
import { StreamInput } from "./stream-input.js";

/** Maximum number of decompressed bytes to read, in search of damage, if the content is not a capture. */
const MAX_DISCARDED_BYTES = 4 * 1024 * 1024;

/**
 * Opens a capture file: pcap or pcapng, compressed or not, "-" for standard input. Rejects with a {@link WireloomError} if it
 * is not a capture. A capture that is truncated or damaged later is read up to that position, and `problem` then describes the damage.
 * `signal` ends the wait for the first bytes of a live stream.
 */
export async function openCaptureFile(path: string, signal?: AbortSignal): Promise<PacketSource & SourceProgress> {
  const input = await openInput(path);
  try {
    return await openCapture(path === "-" ? "standard input" : path, input, signal);
  } catch (error) {
    await input.close();
    throw error;
  }
}

async function openInput(path: string): Promise<ByteInput> {
  if (path === "-") return new StreamInput(process.stdin);
  try {
    const status = await stat(path);
    if (status.isDirectory()) {
      throw new WireloomError("invalid_argument", `${path} is a directory; name a capture file in it`);
    }
    if (status.isFIFO()) return new StreamInput(await openPipe(path));
    if (!status.isFile()) return new StreamInput(createReadStream(path));
    return new FileInput(await open(path, "r"), status.size);
  } catch (error) {
    throw openFailure(path, error);
  }
}

/**
 * Opens a named pipe without waiting for its writer. A blocking open would occupy a thread and keep the process from
 * ending.
 */
async function openPipe(path: string): Promise<Readable> {
  const fd = await openDescriptor(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** A descriptor that is closed by its user; that of a `FileHandle` is closed with the handle. */
const openDescriptor = promisify(openFile);

/** The error for a capture file that cannot be opened, or whose first bytes cannot be read. */
export function openFailure(path: string, cause: unknown): unknown {
  const code = systemCode(cause);
  if (code === undefined) return cause;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new WireloomError("not_found", `there is no capture file ${path === "" ? '""' : path}; check the path`, {
      cause,
    });
  }
  if (code === "EACCES" || code === "EPERM") {
    return new WireloomError(
      "permission_denied",
      `${path} cannot be read: permission denied; change its mode or its owner`,
      {
        cause,
      },
    );
  }
  return readFailure(path, cause);
}

/** A capture whose header was read. */
export interface OpenedCapture extends PacketSource, SourceProgress {
  readonly problem: WireloomError | undefined;
}

/** Reads the header of a capture; rejects as {@link openCaptureFile} does, and when `signal` ends the wait for it. */
export async function openCapture(name: string, input: ByteInput, signal?: AbortSignal): Promise<OpenedCapture> {
  const buffer = new BlockBuffer(input);
  await fillTo(buffer, PCAP_HEADER_BYTES, signal).catch((cause: unknown) => {
    throw openFailure(name, cause);
  });
  const head = buffer.bytes.subarray(0, buffer.end);
  const compression = compressionOf(head);
  if (isGzip(head, head.length)) buffer.input = new GzipInput(input, head.slice());
  else if (compression !== undefined) buffer.input = new ProgramInput(name, input, head.slice(), compression);
  if (buffer.input === input) return new CaptureFile(name, buffer, formatOf(name, buffer));
  buffer.end = 0;
  try {
    await fillTo(buffer, PCAP_HEADER_BYTES, signal);
    try {
      return new CaptureFile(name, buffer, formatOf(name, buffer));
    } catch (error) {
      // Some programs write decompressed data before they find the damage.
      await discard(buffer.input, signal);
      throw error;
    }
  } catch (cause) {
    // Otherwise the decompression program would wait for its reader indefinitely.
    await buffer.input.close();
    if (!(cause instanceof DecompressionError)) throw openFailure(name, cause);
    throw new WireloomError("invalid_capture", `${name} is damaged: ${cause.message}`, { cause });
  }
}

/** Reads until the buffer has `count` bytes or the input ends. */
async function fillTo(buffer: BlockBuffer, count: number, signal?: AbortSignal): Promise<void> {
  while (buffer.end < count) {
    signal?.throwIfAborted();
    if ((await buffer.fill(count)) === 0) return;
  }
}

/** Reads on, up to a limit, to find an error at the end. */
async function discard(input: ByteInput, signal?: AbortSignal): Promise<void> {
  const block = new Uint8Array(64 * 1024);
  for (let left = MAX_DISCARDED_BYTES; left > 0 && !signal?.aborted; ) {
    const count = await input.read(block, 0);
    if (count === 0) return;
    if (count !== IDLE) left -= count;
  }
}

function formatOf(name: string, buffer: BlockBuffer): CaptureFormat {
  if (buffer.end === 0) {
    throw new WireloomError("invalid_capture", `${name} is empty; a capture has at least a file header`);
  }
  if (buffer.end >= 4) {
    const interfaceName = basename(name);
    if (isPcapng(buffer.view)) return new PcapngFormat(name, interfaceName);
    for (const littleEndian of [true, false]) {
      if (!isPcap(buffer.view, littleEndian)) continue;
      if (buffer.end >= PCAP_HEADER_BYTES) return new PcapFormat(name, interfaceName, buffer, littleEndian);
      throw new WireloomError("truncated_capture", `${name} is cut inside its file header; capture it again`);
    }
  }
  throw new WireloomError(
    "invalid_capture",
    `${name} is not a capture: it is neither pcap nor pcapng, compressed or not; convert other formats with "editcap -F pcapng"`,
  );
}

class CaptureFile implements OpenedCapture {
  readonly name: string;
  readonly #buffer: BlockBuffer;
  readonly #format: CaptureFormat;
  problem: WireloomError | undefined;
  readonly #block = new PacketBlock();
  #isOver = false;

  constructor(name: string, buffer: BlockBuffer, format: CaptureFormat) {
    this.name = name;
    this.#buffer = buffer;
    this.#format = format;
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.#format.interfaces;
  }

  get counters(): SourceCounters {
    return this.#format.counters;
  }

  get bytesRead(): number {
    return this.#buffer.input.bytesRead;
  }

  get bytesTotal(): number {
    return this.#buffer.input.bytesTotal;
  }

  async read(signal: AbortSignal): Promise<PacketBlock | null> {
    const block = this.#block;
    const buffer = this.#buffer;
    const format = this.#format;
    block.count = 0;
    while (!this.#isOver && !signal.aborted) {
      const needed = format.index(buffer, block);
      if (block.count > 0) return block;
      this.problem = format.problem;
      if (this.problem !== undefined) this.#isOver = true;
      else if ((await this.#fill(needed)) === IDLE) return block;
    }
    return null;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#buffer.input.close();
  }

  async #fill(needed: number): Promise<number> {
    const buffer = this.#buffer;
    try {
      const count = await buffer.fill(needed);
      if (count === 0) {
        this.#isOver = true;
        if (buffer.end > buffer.start)
          this.problem = this.#truncation(`${buffer.end - buffer.start} of ${needed} bytes are there`);
      }
      return count;
    } catch (cause) {
      this.#isOver = true;
      this.problem = this.#readFailure(cause);
      return 0;
    }
  }

  #readFailure(cause: unknown): WireloomError {
    if (cause instanceof WireloomError) return cause;
    const after = `after packet ${this.counters.packets}`;
    if (!(cause instanceof DecompressionError)) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return new WireloomError("invalid_capture", `${this.name} cannot be read ${after}: ${reason}`, { cause });
    }
    if (cause.isCut) return this.#truncation(cause.message, cause);
    return new WireloomError(
      "invalid_capture",
      `${this.name} is damaged ${after}: ${cause.message}; the packets before it were read`,
      { cause },
    );
  }

  #truncation(what: string, cause?: unknown): WireloomError {
    return new WireloomError(
      "truncated_capture",
      `${this.name} is cut in packet ${this.counters.packets + 1} at byte ${this.#buffer.positionOf(this.#buffer.start)}: ${what}; ` +
        "the packets before it were read",
      { cause },
    );
  }
}
