import { TcpFlag } from "../../packet/tcp-flag.js";
import type { DecoderBench, FrameOptions } from "./decoder-bench.js";
import { tcpFrame } from "./tcp-frame.js";

const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";

/**
 * A TCP connection made for a test; its two sides number their bytes as they send them:
 *
 * ```ts
 * const connection = new TcpConversation(bench, { serverPort: 80 });
 * connection.open();
 * connection.client("GET / HTTP/1.1\r\n\r\n");
 * connection.server("HTTP/1.1 204 No Content\r\n\r\n", { atSeconds: 0.1 });
 * connection.close();
 * ```
 */
export class TcpConversation {
  readonly #bench: DecoderBench;
  readonly #toServer;
  readonly #toClient;
  /** Sequence number of the next byte of each side. */
  #client: number;
  #server: number;

  constructor(
    bench: DecoderBench,
    { serverPort, clientPort = 40000, clientSequence = 1000, serverSequence = 5000 }: TcpConversationOptions,
  ) {
    this.#bench = bench;
    this.#client = clientSequence;
    this.#server = serverSequence;
    this.#toServer = { srcPort: clientPort, dstPort: serverPort, srcAddress: CLIENT, dstAddress: SERVER };
    this.#toClient = { srcPort: serverPort, dstPort: clientPort, srcAddress: SERVER, dstAddress: CLIENT };
  }

  /** The three segments of the handshake. */
  open(options?: FrameOptions): void {
    this.clientSegment("", { flags: TcpFlag.Syn, ...options });
    this.serverSegment("", { flags: TcpFlag.Syn | TcpFlag.Ack });
    this.clientSegment("", {});
  }

  /** The client sends bytes, in one segment. */
  client(payload: string | Uint8Array, options?: FrameOptions): void {
    this.clientSegment(payload, { ...options });
  }

  /** The server sends bytes, in one segment. */
  server(payload: string | Uint8Array, options?: FrameOptions): void {
    this.serverSegment(payload, { ...options });
  }

  /** FIN of the client, then of the server. */
  close(options?: FrameOptions): void {
    this.clientSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack, ...options });
    this.serverSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack });
  }

  /** The client sends bytes that are not captured. */
  clientLost(lengthBytes: number): void {
    this.#client = (this.#client + lengthBytes) >>> 0;
  }

  /** The server sends bytes that are not captured. */
  serverLost(lengthBytes: number): void {
    this.#server = (this.#server + lengthBytes) >>> 0;
  }

  /** A segment of the client. */
  clientSegment(payload: string | Uint8Array, options: SegmentOptions): void {
    this.#client = this.#send(payload, options, this.#toServer, this.#client, this.#server);
  }

  /** A segment of the server. */
  serverSegment(payload: string | Uint8Array, options: SegmentOptions): void {
    this.#server = this.#send(payload, options, this.#toClient, this.#server, this.#client);
  }

  /** Sends a segment and returns the sequence number after it. A segment with an `offset` does not change the numbering. */
  #send(
    payload: string | Uint8Array,
    { flags = TcpFlag.Ack, offset, ...options }: SegmentOptions,
    ends: Parameters<typeof tcpFrame>[1],
    next: number,
    acknowledgement: number,
  ): number {
    const bytes = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
    const sequence = (next + (offset ?? 0)) >>> 0;
    this.#bench.frame(tcpFrame(bytes, ends, { sequence, acknowledgement, flags }), options);
    if (offset !== undefined) return next;
    const counted = (flags & (TcpFlag.Syn | TcpFlag.Fin)) !== 0 ? 1 : 0;
    return (next + bytes.length + counted) >>> 0;
  }
}

/** Ports and first sequence numbers of a connection made for a test. */
export interface TcpConversationOptions {
  readonly serverPort: number;
  readonly clientPort?: number;
  readonly clientSequence?: number;
  readonly serverSequence?: number;
}

/** One segment made for a test. */
export interface SegmentOptions extends FrameOptions {
  readonly flags?: number;
  /** Offset in bytes from the next sequence number; negative for a retransmission. */
  readonly offset?: number;
}
