import type { DnsRecord } from "../../generated/dns/record.js";
import {
  type Connection,
  type Output,
  type StreamDecoder,
  type StreamSegment,
  StreamVerdict,
  Timestamp,
  uint16,
  Verdict,
} from "../../runtime/plugin/index.js";
import { decodeMessage } from "./decode-message.js";
import type { Message } from "./message.js";
import { HEADER_BYTES, isPlausible, isResponse } from "./message-header.js";
import { PrecedingResponse } from "./preceding-response.js";

/** Bytes of the length before each message. */
const LENGTH_BYTES = 2;

const NO_BYTES = new Uint8Array(0);

/** A message of a stream; nobody answers a group over TCP, so its addresses do not matter. */
class StreamMessage implements Message {
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;
  payloadLengthBytes = 0;
  readonly isTruncated = false;
  srcPort = 0;
  dstPort = 0;
  readonly addressLength = 0;
  readonly dstAddressStart = 0;
  time = new Timestamp();
  frameNumber = 0;
}

/** DNS over TCP: any number of messages in each direction, each after its length in two bytes (RFC 7766, section 8). */
export class MessageStream implements StreamDecoder {
  readonly #connection: Connection;
  readonly #out: Output<DnsRecord>;
  readonly #message = new StreamMessage();
  readonly #preceding = new PrecedingResponse();
  /** A message was seen, so that what follows is DNS even where it breaks the format. */
  #isKnown = false;
  /** Where messages begin is not known in a direction, after a gap: from the client, from the server. */
  readonly #isLost = [false, false];

  constructor(connection: Connection, out: Output<DnsRecord>) {
    this.#connection = connection;
    this.#out = out;
  }

  decode(segment: StreamSegment): number {
    const { bytes, start, end, isFromServer } = segment;
    const side = isFromServer ? 1 : 0;
    // A sender begins most messages with a segment; elsewhere none can be distinguished from other bytes.
    if (this.#isLost[side] && !looksLikeMessage(bytes, start, end, isFromServer)) return end - start;
    this.#isLost[side] = false;
    let at = start;
    while (end - at >= LENGTH_BYTES) {
      const next = at + LENGTH_BYTES + uint16(bytes, at);
      if (next - at < LENGTH_BYTES + HEADER_BYTES) {
        // Not a message: it is skipped where the stream is DNS by what came before it or comes next.
        const isNextHere = end - next >= LENGTH_BYTES + HEADER_BYTES;
        if (!this.#isKnown && isNextHere && !looksLikeMessage(bytes, next, end, isFromServer))
          return StreamVerdict.NotMine;
        if (this.#isKnown ? next > end : !isNextHere) break;
        at = next;
        continue;
      }
      if (next > end) {
        const isHeaderHere = end - at >= LENGTH_BYTES + HEADER_BYTES;
        if (isHeaderHere && !looksLikeMessage(bytes, at, end, isFromServer)) return StreamVerdict.NotMine;
        break;
      }
      if (!this.#decodeMessage(segment, at + LENGTH_BYTES, next)) return StreamVerdict.NotMine;
      at = next;
    }
    return at - start;
  }

  gap(isFromServer: boolean): undefined {
    this.#isLost[isFromServer ? 1 : 0] = true;
  }

  /** False for what is not a message. */
  #decodeMessage({ bytes, isFromServer, time, frameNumber }: StreamSegment, start: number, end: number): boolean {
    const message = this.#message;
    const { clientPort, serverPort } = this.#connection;
    message.bytes = bytes;
    message.start = start;
    message.end = end;
    message.payloadLengthBytes = end - start;
    message.srcPort = isFromServer ? serverPort : clientPort;
    message.dstPort = isFromServer ? clientPort : serverPort;
    message.time = time;
    message.frameNumber = frameNumber;
    if (decodeMessage(message, this.#out, this.#preceding) === Verdict.NotMine) return false;
    this.#isKnown = true;
    return true;
  }
}

/** Whether the bytes at `start` can be a length and the header of a message that this side sends. */
function looksLikeMessage(bytes: Uint8Array, start: number, end: number, isFromServer: boolean): boolean {
  const header = start + LENGTH_BYTES;
  if (end - header < HEADER_BYTES) return false;
  return isPlausible(bytes, header, uint16(bytes, start)) && isResponse(bytes, header) === isFromServer;
}
