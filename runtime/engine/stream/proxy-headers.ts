import { mayBecomeProxyHeader, type ProxyHeader, readProxyHeader } from "./proxy-header.js";

/** Load balancers in a row that each put a header before the stream. */
const MAX_HEADERS = 4;

/** What a stream begins with. */
export interface ProxyHeaders {
  /** All of them as one, undefined for none: the last one is of the load balancer that the client connected to. */
  readonly header: ProxyHeader | undefined;
  /** More is to come: of a header, or after one. */
  readonly isIncomplete: boolean;
}

/** What the two versions begin with. */
const LETTER_P = 80;
const CARRIAGE_RETURN = 13;

/** What a stream without such a header begins with. */
export const NO_PROXY_HEADERS: ProxyHeaders = { header: undefined, isIncomplete: false };

/** The PROXY headers that `bytes[start, end)`, the beginning of a stream, begin with. */
export function readProxyHeaders(bytes: Uint8Array, start: number, end: number): ProxyHeaders {
  if (bytes[start] !== LETTER_P && bytes[start] !== CARRIAGE_RETURN) return NO_PROXY_HEADERS;
  let header = readProxyHeader(bytes, start, end);
  if (header === undefined)
    return mayBecomeProxyHeader(bytes, start, end) ? { header, isIncomplete: true } : NO_PROXY_HEADERS;
  let at = start + header.lengthBytes;
  for (let count = 1; count < MAX_HEADERS; count++) {
    const next = readProxyHeader(bytes, at, end);
    if (next === undefined) break;
    at += next.lengthBytes;
    header = { lengthBytes: at - start, client: next.client ?? header.client };
  }
  return { header, isIncomplete: at === end || mayBecomeProxyHeader(bytes, at, end) };
}
