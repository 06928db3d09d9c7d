import type { HttpRecord } from "../../generated/http/record.js";
import type { Connection, Output, StreamDecoder, StreamSegment } from "../../runtime/plugin/index.js";
import type { HeaderReader } from "./header-reader.js";
import { MemoryBudget } from "./hpack/memory-budget.js";
import { Http1Connection } from "./http1-connection.js";
import { CLIENT_PREFACE, mayBePreface, ServerPreface, serverPreface } from "./http2/frame.js";
import { Http2Connection } from "./http2/http2-connection.js";
import { Http2Fields } from "./http2/http2-fields.js";
import type { UpgradedBody } from "./upgraded-body.js";

/** Bytes that the tables and streams of all HTTP/2 connections of one capture may take. */
const HTTP2_BYTES = 64 * 1024 * 1024;

/** What the connections of one output share. */
export class HttpReaders {
  readonly header: HeaderReader;
  readonly budget: MemoryBudget;
  readonly fields: Http2Fields;

  constructor(header: HeaderReader, budget = new MemoryBudget(HTTP2_BYTES)) {
    this.header = header;
    this.budget = budget;
    this.fields = new Http2Fields(header);
  }
}

const Version = { Http1: 1, Http2: 2, Undecided: 0 } as const;

/** One connection, of the version that its first bytes show: a client's preface or a server's settings are those of HTTP/2. */
export class HttpConnection implements StreamDecoder {
  readonly #out: Output<HttpRecord>;
  readonly #readers: HttpReaders;
  #http1: Http1Connection | undefined;
  #http2: Http2Connection | undefined;
  /** After a switch, the client sends this before HTTP/2. */
  #upgradedBody: UpgradedBody | undefined;
  readonly #isSeenFromStart: boolean;
  #isDecided = false;

  constructor(out: Output<HttpRecord>, readers: HttpReaders, { isSeenFromStart }: Connection) {
    this.#isSeenFromStart = isSeenFromStart;
    this.#out = out;
    this.#readers = readers;
  }

  decode(segment: StreamSegment): number {
    if (!this.#isDecided) {
      const version = versionOf(segment, this.#isSeenFromStart);
      if (version === Version.Undecided) return 0;
      this.#isDecided = true;
      if (version === Version.Http2) this.#beginHttp2();
    }
    const http2 = this.#http2;
    if (http2 === undefined) return this.#decodeHttp1(segment);
    const body = this.#bodyOf(segment.isFromServer);
    if (body === undefined) return http2.decode(segment);
    const done = body.read(segment);
    return body.isOver ? http2.read(segment, segment.start + done) - segment.start : done;
  }

  gap(isFromServer: boolean, lengthBytes: number, rest: StreamSegment): undefined {
    if (this.#bodyOf(isFromServer)?.lose(lengthBytes) === true) return;
    this.#current.gap(isFromServer, lengthBytes, rest);
  }

  missed(isFromServer: boolean, lengthBytes: number): void {
    const body = this.#bodyOf(isFromServer);
    if (body === undefined) this.#current.missed(isFromServer, lengthBytes);
    else body.missed(lengthBytes);
  }

  end(isFromServer: boolean, unseenBytes: number, rest: StreamSegment): void {
    this.#current.end(isFromServer, unseenBytes, rest);
  }

  get #current(): Http1Connection | Http2Connection {
    if (this.#http2 !== undefined) return this.#http2;
    this.#http1 ??= new Http1Connection(this.#out, this.#readers.header);
    return this.#http1;
  }

  #bodyOf(isFromServer: boolean): UpgradedBody | undefined {
    if (isFromServer) return undefined;
    if (this.#upgradedBody?.isOver === true) this.#upgradedBody = undefined;
    return this.#upgradedBody;
  }

  #decodeHttp1(segment: StreamSegment): number {
    this.#http1 ??= new Http1Connection(this.#out, this.#readers.header);
    const done = this.#http1.decode(segment);
    const { upgradedRequest, upgradedBody } = this.#http1;
    if (upgradedRequest === undefined) return done;
    this.#upgradedBody = upgradedBody;
    const http2 = this.#beginHttp2();
    http2.continueUpgrade(upgradedRequest);
    return http2.read(segment, segment.start + done) - segment.start;
  }

  #beginHttp2(): Http2Connection {
    this.#http1 = undefined;
    this.#http2 = new Http2Connection(this.#out, this.#readers.fields, this.#readers.budget);
    return this.#http2;
  }
}

/** Both sides may send settings later too, so that a server's are its first bytes only where the connection's beginning was seen. */
function versionOf({ bytes, start, end, isFromServer }: StreamSegment, isSeenFromStart: boolean): number {
  if (!isFromServer) {
    if (!mayBePreface(bytes, start, end)) return Version.Http1;
    return end - start < CLIENT_PREFACE.length ? Version.Undecided : Version.Http2;
  }
  if (!isSeenFromStart) return Version.Http1;
  const preface = serverPreface(bytes, start, end, true);
  if (preface === ServerPreface.No) return Version.Http1;
  return preface === ServerPreface.Partial ? Version.Undecided : Version.Http2;
}
