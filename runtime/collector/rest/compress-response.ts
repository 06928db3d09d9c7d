import { pipeline, Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { promisify } from "node:util";
import {
  brotliCompress,
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  gzip,
  gzipSync,
} from "node:zlib";
import { negotiateEncoding } from "./negotiate-encoding.js";

const compressLarge = { gzip: promisify(gzip), br: promisify(brotliCompress) };
const compressSmall = { gzip: gzipSync, br: brotliCompressSync };

/** Bytes below which a response is not compressed. */
const MIN_BYTES = 1024;
/** Bytes up to which a response is compressed on this thread, in one or two milliseconds: less than the wait for another thread. */
const MAX_SMALL_BYTES = 256 << 10;
/** Responses are compressed once for each reader, so the fast levels are used; the defaults are for files that are read many times. */
const GZIP_OPTIONS = { level: 1 };
const BROTLI_OPTIONS = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

/**
 * The response in the encoding that the request's Accept-Encoding prefers, br or gzip: at once where its length is known, and otherwise as a
 * stream. Each piece of a stream is sent as soon as it was written. The stream is read no faster than the client reads, and ends
 * when the client disconnects.
 */
export async function compressResponse(response: Response, acceptEncoding: string | undefined): Promise<Response> {
  const length = response.headers.get("content-length");
  if (length !== null && Number(length) < MIN_BYTES) return response;
  const encoding = negotiateEncoding(acceptEncoding);
  response.headers.append("vary", "Accept-Encoding");
  if (encoding === undefined) return response;
  const { status } = response;
  const headers = new Headers(response.headers);
  headers.set("content-encoding", encoding);
  if (length !== null) {
    const body = Buffer.from(await response.arrayBuffer());
    const compress = (body.length <= MAX_SMALL_BYTES ? compressSmall : compressLarge)[encoding];
    const compressed = await compress(body, encoding === "br" ? BROTLI_OPTIONS : GZIP_OPTIONS);
    headers.set("content-length", String(compressed.length));
    return new Response(compressed, { status, headers });
  }
  const encoder =
    encoding === "br"
      ? createBrotliCompress({ ...BROTLI_OPTIONS, flush: constants.BROTLI_OPERATION_FLUSH })
      : createGzip({ ...GZIP_OPTIONS, flush: constants.Z_SYNC_FLUSH });
  // Node's two types of web streams describe the same object. An error ends both streams, and so the response.
  pipeline(Readable.fromWeb(response.body as ReadableStream), encoder, () => undefined);
  return new Response(Readable.toWeb(encoder) as Response["body"], { status, headers });
}
