import type { Random } from "../../runtime/record/testing/random.js";
import type { CaptureWriter } from "./capture-writer.js";
import { type Endpoints, reversed, tcpFrame } from "./ip-frame.js";

const SEGMENT_BYTES = 1448;
const FIN = 1;
const SYN = 2;
const ACK = 16;
const NOTHING = new Uint8Array(0);

/** A TCP connection of generated traffic: what its sides send becomes segments of 1448 bytes in order. */
export class TcpSession {
  readonly #writer: CaptureWriter;
  readonly #there: Endpoints;
  readonly #back: Endpoints;
  #client: number;
  #server: number;

  constructor(writer: CaptureWriter, random: Random, ends: Endpoints) {
    this.#writer = writer;
    this.#there = ends;
    this.#back = reversed(ends);
    this.#client = random.uint32();
    this.#server = random.uint32();
  }

  open(): void {
    this.#client = this.#segment(this.#there, this.#client, this.#server, SYN, NOTHING) + 1;
    this.#server = this.#segment(this.#back, this.#server, this.#client, SYN | ACK, NOTHING) + 1;
    this.#segment(this.#there, this.#client, this.#server, ACK, NOTHING);
  }

  client(payload: Uint8Array): void {
    for (let at = 0; at < payload.length; at += SEGMENT_BYTES) {
      const part = payload.subarray(at, at + SEGMENT_BYTES);
      this.#client = this.#segment(this.#there, this.#client, this.#server, ACK, part);
    }
  }

  /** The server sends; the client acknowledges every second segment. */
  server(payload: Uint8Array): void {
    let segments = 0;
    for (let at = 0; at < payload.length; at += SEGMENT_BYTES) {
      const part = payload.subarray(at, at + SEGMENT_BYTES);
      this.#server = this.#segment(this.#back, this.#server, this.#client, ACK, part);
      if (++segments % 2 === 0) this.#segment(this.#there, this.#client, this.#server, ACK, NOTHING);
    }
  }

  close(): void {
    this.#client = this.#segment(this.#there, this.#client, this.#server, FIN | ACK, NOTHING) + 1;
    this.#server = this.#segment(this.#back, this.#server, this.#client, FIN | ACK, NOTHING) + 1;
    this.#segment(this.#there, this.#client, this.#server, ACK, NOTHING);
  }

  /** Writes a segment and returns the sequence number after it. */
  #segment(ends: Endpoints, sequence: number, acknowledgement: number, flags: number, payload: Uint8Array): number {
    this.#writer.write(tcpFrame(ends, sequence, acknowledgement, flags, payload));
    return sequence + payload.length;
  }
}
