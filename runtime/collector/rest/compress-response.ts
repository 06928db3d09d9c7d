import { pipeline, Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import { negotiateEncoding } from "./negotiate-encoding.js";

/** Bytes below which an answer is not worth compressing. */
const MIN_BYTES = 1024;
/** Brotli's default of 11 is for files that are compressed once. */
const BROTLI_QUALITY = 4;

/**
 * The answer in the encoding that the request's Accept-Encoding prefers, br or gzip. Each piece of the body is there for the client as soon as
 * it was written; the body is read no faster than the client takes it, and ends when the client goes.
 */
export function compressResponse(response: Response, acceptEncoding: string | undefined): Response {
  const length = response.headers.get("content-length");
  if (response.body === null || (length !== null && Number(length) < MIN_BYTES)) return response;
  const headers = new Headers(response.headers);
  headers.append("vary", "Accept-Encoding");
  const encoding = negotiateEncoding(acceptEncoding);
  if (encoding === undefined) return new Response(response.body, { status: response.status, headers });
  headers.set("content-encoding", encoding);
  headers.delete("content-length");
  const encoder =
    encoding === "br"
      ? createBrotliCompress({
          flush: constants.BROTLI_OPERATION_FLUSH,
          params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY },
        })
      : createGzip({ flush: constants.Z_SYNC_FLUSH });
  // Node's two types of a web stream are of one object. What goes wrong ends both streams, and so the answer.
  pipeline(Readable.fromWeb(response.body as ReadableStream), encoder, () => undefined);
  return new Response(Readable.toWeb(encoder) as Response["body"], { status: response.status, headers });
}
