import { mayBecomeProxyHeader, type ProxyHeader, readProxyHeader } from "./proxy-header.js";

/** Maximum number of consecutive load balancers that each add a header. */
const MAX_HEADERS = 4;

/** PROXY headers at the start of a stream. */
export interface ProxyHeaders {
  /**
   * All headers combined, undefined for none: the client is that of the last header, added by the load balancer that the client connected
   * to.
   */
  readonly header: ProxyHeader | undefined;
  /** More bytes are needed: of a header, or after one. */
  readonly isIncomplete: boolean;
}

/** Signatures of the two versions. */
const LETTER_P = 80;
const CARRIAGE_RETURN = 13;

/** Result for a stream without such a header. */
export const NO_PROXY_HEADERS: ProxyHeaders = { header: undefined, isIncomplete: false };

/** The PROXY headers at the start of `bytes[start, end)`, the beginning of a stream. */
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
