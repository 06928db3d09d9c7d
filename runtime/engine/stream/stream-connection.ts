import type { Connection, StreamDecoder } from "../../plugin/hooks.js";
import { Timestamp } from "../../record/timestamp.js";
import { NO_REQUEST, type RequestOwner } from "../pairing/request-owner.js";
import { StreamDirection } from "./stream-direction.js";

/** Data segments offered to probes before a stream is marked as unrecognized: a dialogue that ends in STARTTLS takes some. */
export const MAX_PROBED_SEGMENTS = 32;

/** A TCP connection that a plugin decodes. */
export class StreamConnection implements Connection, RequestOwner {
  /** Slot of the conversation. */
  readonly slot: number;
  /** Index of the plugin in the registry. */
  plugin: number;
  /** The client is the lower endpoint of the conversation. */
  readonly isClientLower: boolean;
  clientPort = 0;
  serverPort = 0;
  isSeenFromStart = false;
  readonly client = new StreamDirection();
  readonly server = new StreamDirection();
  /** Undefined after the decoder ended. */
  decoder: StreamDecoder | undefined;
  /** The decoder has consumed bytes, so the connection certainly belongs to its plugin. */
  isRecognised = false;
  /** The decoder has handed the stream over or refused it; this number of further segments is offered to probes. */
  offersLeft = 0;
  newestRequest = NO_REQUEST;
  oldestRequest = NO_REQUEST;
  /** The client's first bytes have not arrived, and PROXY headers may precede its own stream. */
  mayHaveProxyHeader = false;
  copies = 0;
  /** Gaps in the direction from the server. */
  losses = 0;
  /** Number and time of the last packet. */
  lastFrameNumber = 0;
  readonly lastTime = new Timestamp();
  lastArrival = 0;
  /** The client sent the first packet with data that was seen. */
  isOpenedByClient = true;
  /** Bytes are being delivered without a current packet of this connection. */
  isWithoutPacket = false;
  /** Memory of both directions, as last accounted for. */
  accountedBytes = 0;

  constructor(slot: number, plugin: number, isClientLower: boolean) {
    this.slot = slot;
    this.plugin = plugin;
    this.isClientLower = isClientLower;
  }

  /** Memory of both directions, in bytes. */
  get costBytes(): number {
    return this.client.costBytes + this.server.costBytes;
  }

  /** Ends the decoder and releases its buffers. */
  dismiss(): void {
    this.decoder = undefined;
    this.client.clear();
    this.server.clear();
  }
}
