import type { HttpRecord } from "../../generated/http/record.js";
import { type Output, type Probe, Sender, type StreamDecoderFactory, TOO_SHORT } from "../../runtime/plugin/index.js";
import { lineEnd } from "./header-end.js";
import { HeaderReader } from "./header-reader.js";
import { HttpConnection, HttpReaders } from "./http-connection.js";
import { CLIENT_PREFACE, mayBePreface, ServerPreface, serverPreface } from "./http2/frame.js";
import { canBegin, readRequestLine, readStatusLine, startLine } from "./start-line.js";
import { isSimpleRequest } from "./versionless-request.js";

/** The readers of each output, which all its connections share. */
const readers = new WeakMap<Output<HttpRecord>, HttpReaders>();

/** HTTP/1 and cleartext HTTP/2 over TCP. */
export const createStreamDecoder: StreamDecoderFactory<HttpRecord> = (connection, out) => {
  let shared = readers.get(out);
  if (shared === undefined) {
    const header = new HeaderReader({
      requestHeaders: namesOf(out.option("request_headers")),
      responseHeaders: namesOf(out.option("response_headers")),
    });
    shared = new HttpReaders(header);
    readers.set(out, shared);
  }
  return new HttpConnection(out, shared, connection);
};

/** Bytes without a line end that may be the beginning of a request line. */
const MAX_PROBED_LINE = 8192;

/** A whole request line, without a version where it is all, or a status line; HTTP/2's preface of a client, or the settings that a server begins with. */
export const probe: Probe = ({ bytes, start, end }) => {
  if (end - start >= CLIENT_PREFACE.length && mayBePreface(bytes, start, end)) return Sender.Client;
  if (serverPreface(bytes, start, end, false) === ServerPreface.Yes) return Sender.Server;
  if (mayBePreface(bytes, start, end)) return TOO_SHORT;
  // Most streams show in their first bytes that they are others: their lines need not be looked for.
  if (!canBegin(bytes, start, end, false) && !canBegin(bytes, start, end, true)) return false;
  const line = lineEnd(bytes, start, end);
  if (line.next === line.end) return end - start < MAX_PROBED_LINE ? TOO_SHORT : false;
  if (readRequestLine(bytes, start, line.end) || isSimpleRequest(bytes, start, end)) return Sender.Client;
  return readStatusLine(bytes, start, line.end) && startLine.isConforming && Sender.Server;
};

function namesOf(option: string): string[] {
  return option
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
