import type { TlsRecord } from "../../generated/tls/record.js";
import { type Output, type StreamDecoder, type StreamSegment, StreamVerdict } from "../../runtime/plugin/index.js";
import { Handshake } from "./handshake/handshake.js";
import { ssl2ClientHelloBytes, ssl2ServerHelloBytes } from "./handshake/ssl2.js";
import { RecordLayer } from "./record/record-layer.js";

/** Decodes the handshake of one TLS connection. */
export class TlsStream implements StreamDecoder {
  readonly #handshake: Handshake;
  readonly #client: RecordLayer;
  readonly #server: RecordLayer;
  #isSsl2 = false;

  constructor(out: Output<TlsRecord>) {
    this.#handshake = new Handshake(out, false);
    this.#client = new RecordLayer(this.#handshake);
    this.#server = new RecordLayer(this.#handshake);
    this.#handshake.onFailure = () => this.#client.readUnfinished(false);
  }

  decode(segment: StreamSegment): number {
    this.#handshake.begin(segment);
    const done = this.#decode(segment);
    this.#handshake.close();
    return done;
  }

  gap(isFromServer: boolean, lengthBytes: number, rest: StreamSegment): undefined {
    const handshake = this.#handshake;
    const records = isFromServer ? this.#server : this.#client;
    if (!isFromServer) {
      handshake.begin(rest);
      records.readUnfinished(true);
      handshake.close();
    } else handshake.markServerLoss();
    records.gap(lengthBytes);
  }

  end(isFromServer: boolean, _unseenBytes: number, rest: StreamSegment): void {
    const handshake = this.#handshake;
    handshake.begin(rest);
    this.#client.readUnfinished(false);
    this.#server.readUnfinished(false);
    handshake.end(isFromServer);
  }

  #decode(segment: StreamSegment): number {
    const { bytes, start, end, isFromServer } = segment;
    const records = isFromServer ? this.#server : this.#client;
    if (!records.isFresh || (isFromServer && !this.#isSsl2)) return records.decode(segment, start);
    const length = isFromServer ? ssl2ServerHelloBytes(bytes, start, end) : ssl2ClientHelloBytes(bytes, start, end);
    if (length === 0) return records.decode(segment, start);
    if (length === -1 || start + length > end) return 0;
    records.skipFirst();
    if (isFromServer) {
      this.#handshake.ssl2ServerHello(bytes, start);
      return StreamVerdict.Done;
    }
    this.#isSsl2 = true;
    this.#handshake.ssl2ClientHello(bytes, start);
    const done = records.decode(segment, start + length);
    return done < 0 ? done : length + done;
  }
}
