import { Random } from "../../runtime/record/testing/random.js";
import { CaptureWriter } from "./capture-writer.js";
import { randomClient } from "./random-client.js";
import { TcpSession } from "./tcp-session.js";
import type { TlsFlights } from "./tls-flights.js";

const APPLICATION_DATA = 23;
const RECORD_BYTES = 16_384;
const RECORD_HEADER_BYTES = 5;
/** Answers on one connection. */
const ANSWER_BYTES = [1500, 20_000, 60_000, 200_000];

/**
 * Writes a pcap of TLS connections: the flights of a real handshake, then application data in records of 16 KiB, until they carry
 * `payloadBytes`. Returns the bytes of TCP payload.
 */
export function writeTlsCapture(path: string, payloadBytes: number, flights: TlsFlights): number {
  const random = new Random(22);
  const writer = new CaptureWriter(path);
  let written = 0;
  const count = (bytes: Uint8Array) => {
    written += bytes.length;
    return bytes;
  };
  while (written < payloadBytes) {
    const session = new TcpSession(writer, random, randomClient(random, 443));
    session.open();
    for (const { isFromServer, bytes } of flights) {
      if (isFromServer) session.server(count(bytes));
      else session.client(count(bytes));
    }
    session.client(count(records(random, 600)));
    session.server(count(records(random, ANSWER_BYTES[random.below(ANSWER_BYTES.length)]!)));
    session.close();
  }
  writer.close();
  return written;
}

/** Application data of `length` bytes in records. */
function records(random: Random, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < length; at += RECORD_BYTES) {
    const size = Math.min(RECORD_BYTES, length - at);
    const record = Buffer.alloc(RECORD_HEADER_BYTES + size, random.uint32() & 255);
    record.writeUInt8(APPLICATION_DATA, 0);
    record.writeUInt16BE(0x0303, 1);
    record.writeUInt16BE(size, 3);
    parts.push(record);
  }
  return Buffer.concat(parts);
}
