import { closeSync, openSync, writeSync } from "node:fs";

const PACKET_HEADER_BYTES = 16;
const MAX_FRAME_BYTES = 65600;
/** 2026-01-01T00:00:00Z. */
const FIRST_SECOND = 1767225600;

/** Writes frames to a pcap file (Ethernet, microseconds), one after the other, through a buffer of its own. */
export class CaptureWriter {
  packets = 0;
  bytes = 0;
  readonly #file: number;
  readonly #chunk = Buffer.alloc(4 << 20);
  #at = 0;
  #microseconds = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w");
    const header = [0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1];
    for (const value of header) this.#at = this.#chunk.writeUInt32LE(value, this.#at);
  }

  /** Appends a frame, seen `gapMicroseconds` after the one before. */
  write(frame: Uint8Array, gapMicroseconds = 1): void {
    if (this.#at + PACKET_HEADER_BYTES + MAX_FRAME_BYTES > this.#chunk.length) this.#flush();
    this.#microseconds += gapMicroseconds;
    this.packets++;
    this.bytes += frame.length;
    const chunk = this.#chunk;
    let at = chunk.writeUInt32LE(FIRST_SECOND + Math.floor(this.#microseconds / 1e6), this.#at);
    at = chunk.writeUInt32LE(this.#microseconds % 1e6, at);
    at = chunk.writeUInt32LE(frame.length, at);
    at = chunk.writeUInt32LE(frame.length, at);
    chunk.set(frame, at);
    this.#at = at + frame.length;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#chunk, 0, this.#at);
    this.#at = 0;
  }
}
