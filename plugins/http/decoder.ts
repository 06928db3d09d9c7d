import type { HttpRecord } from "../../generated/http/record.js";
import { type Probe, Sender, type StreamDecoderFactory } from "../../runtime/plugin/hooks.js";
import type { Output } from "../../runtime/plugin/output.js";
import { lineEnd } from "./header-end.js";
import { HeaderReader } from "./header-reader.js";
import { HttpConnection } from "./http-connection.js";
import { readRequestLine, readStatusLine, startLine } from "./start-line.js";

/** The reader of each output, which all its connections share. */
const readers = new WeakMap<Output<HttpRecord>, HeaderReader>();

/** HTTP/1.0 and HTTP/1.1 over TCP. */
export const createStreamDecoder: StreamDecoderFactory<HttpRecord> = (_, out) => {
  let reader = readers.get(out);
  if (reader === undefined) {
    reader = new HeaderReader({
      requestHeaders: namesOf(out.option("request_headers")),
      responseHeaders: namesOf(out.option("response_headers")),
      keepsCredentials: out.option("credentials") === "true",
    });
    readers.set(out, reader);
  }
  return new HttpConnection(out, reader);
};

/** A whole request line, or a status line. */
export const probe: Probe = ({ bytes, start, end }) => {
  const line = lineEnd(bytes, start, end);
  if (line.next === line.end) return false;
  if (readRequestLine(bytes, start, line.end)) return Sender.Client;
  return readStatusLine(bytes, start, line.end) && startLine.isConforming && Sender.Server;
};

function namesOf(option: string): string[] {
  return option
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
