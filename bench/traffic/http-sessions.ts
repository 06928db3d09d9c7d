import { Random } from "../../runtime/record/testing/random.js";
import { CaptureWriter } from "./capture-writer.js";
import { randomClient } from "./random-client.js";
import { TcpSession } from "./tcp-session.js";

const TRANSACTIONS_PER_CONNECTION = 6;
/** Bodies as many pages have them: small answers, scripts, pictures. */
const BODY_BYTES = [300, 2000, 15_000, 40_000, 120_000];

/**
 * Writes a pcap of HTTP/1.1 connections, kept alive for six transactions each, until they carry `payloadBytes`. Returns the bytes of TCP
 * payload.
 */
export function writeHttpCapture(path: string, payloadBytes: number): number {
  const random = new Random(21);
  const writer = new CaptureWriter(path);
  const body = Buffer.alloc(Math.max(...BODY_BYTES), "wireloom ");
  let written = 0;
  while (written < payloadBytes) {
    const session = new TcpSession(writer, random, randomClient(random, 80));
    session.open();
    for (let i = 0; i < TRANSACTIONS_PER_CONNECTION; i++) {
      const length = BODY_BYTES[random.below(BODY_BYTES.length)]!;
      const request = Buffer.from(
        [
          `GET /assets/${random.below(100_000)}.js?v=${random.below(1000)} HTTP/1.1`,
          "Host: www.wireloom.example",
          "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
          "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
          "Accept-Language: en-GB,en;q=0.5",
          "Accept-Encoding: gzip, deflate",
          "Connection: keep-alive",
          "",
          "",
        ].join("\r\n"),
      );
      const header = Buffer.from(
        [
          "HTTP/1.1 200 OK",
          "Server: nginx/1.22.1",
          "Date: Thu, 01 Jan 2026 00:00:00 GMT",
          "Content-Type: application/javascript",
          `Content-Length: ${length}`,
          "Last-Modified: Wed, 31 Dec 2025 00:00:00 GMT",
          'ETag: "6954a2c0-3a98"',
          "Cache-Control: max-age=3600",
          "Connection: keep-alive",
          "",
          "",
        ].join("\r\n"),
      );
      session.client(request);
      session.server(Buffer.concat([header, body.subarray(0, length)]));
      written += request.length + header.length + length;
    }
    session.close();
  }
  writer.close();
  return written;
}
