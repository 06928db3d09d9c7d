import ipaddr from "ipaddr.js";
import { uint16 } from "../../bytes/big-endian.js";
import type { ProxiedClient } from "../conversation/proxied-client.js";

/** Maximum length of a header of version 1, including its line end. */
const MAX_LINE = 107;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const LINE_START = Uint8Array.from("PROXY ", (character) => character.charCodeAt(0));
const SIGNATURE = Uint8Array.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
/** The signature, version and command, family, and length of the rest. */
const FIXED_LENGTH = 16;
/** Version 2, for a client's connection; other commands are for the proxy's own connections, such as health checks. */
const VERSION_2_PROXY = 0x21;
/** Bytes of an address, by family and transport in version 2: TCP over IPv4 and over IPv6. */
const ADDRESS_LENGTHS: ReadonlyMap<number, number> = new Map([
  [0x11, 4],
  [0x21, 16],
]);
const PORT = /^(?:0|[1-9][0-9]{0,4})$/;

/** Header that a load balancer sends before a connection's own bytes. */
export interface ProxyHeader {
  readonly lengthBytes: number;
  /** Undefined if the header does not name one: the connection is the proxy's own, or is not IP. */
  readonly client: ProxiedClient | undefined;
}

/**
 * The complete PROXY protocol header, version 1 or 2, at the start of `bytes[start, end)`; undefined if there is none ("The
 * PROXY protocol, versions 1 & 2", HAProxy, section 2).
 */
export function readProxyHeader(bytes: Uint8Array, start: number, end: number): ProxyHeader | undefined {
  if (startsWith(bytes, start, end, SIGNATURE)) return readBinary(bytes, start, end);
  return startsWith(bytes, start, end, LINE_START) ? readLine(bytes, start, end) : undefined;
}

/** Whether `bytes[start, end)` are an incomplete header. */
export function mayBecomeProxyHeader(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0) return false;
  if (startsWith(bytes, start, end, SIGNATURE.subarray(0, length))) {
    if (length < FIXED_LENGTH) return length <= SIGNATURE.length || bytes[start + SIGNATURE.length]! >> 4 === 2;
    return bytes[start + 12]! >> 4 === 2 && FIXED_LENGTH + uint16(bytes, start + 14) > length;
  }
  if (length >= MAX_LINE || !startsWith(bytes, start, end, LINE_START.subarray(0, length))) return false;
  const at = bytes.subarray(start, end).indexOf(CARRIAGE_RETURN);
  return at === -1 || at === length - 1;
}

/** Version 2, section 2.2. */
function readBinary(bytes: Uint8Array, start: number, end: number): ProxyHeader | undefined {
  if (end - start < FIXED_LENGTH || bytes[start + 12]! >> 4 !== 2) return undefined;
  const length = uint16(bytes, start + 14);
  if (FIXED_LENGTH + length > end - start) return undefined;
  const addressLength = bytes[start + 12] === VERSION_2_PROXY ? ADDRESS_LENGTHS.get(bytes[start + 13]!) : undefined;
  const isWhole = addressLength !== undefined && length >= 2 * (addressLength + 2);
  const at = start + FIXED_LENGTH;
  return {
    lengthBytes: FIXED_LENGTH + length,
    client: isWhole
      ? { address: bytes.slice(at, at + addressLength), port: uint16(bytes, at + 2 * addressLength) }
      : undefined,
  };
}

/** Version 1, section 2.1. */
function readLine(bytes: Uint8Array, start: number, end: number): ProxyHeader | undefined {
  const last = Math.min(end, start + MAX_LINE);
  for (let at = start + LINE_START.length; at + 1 < last; at++) {
    if (bytes[at] !== CARRIAGE_RETURN) continue;
    if (bytes[at + 1] !== LINE_FEED) return undefined;
    return { lengthBytes: at + 2 - start, client: clientOf(String.fromCharCode(...bytes.subarray(start, at))) };
  }
  return undefined;
}

/** The client in a line such as `PROXY TCP4 192.0.2.1 198.51.100.2 51000 443`; undefined if the line has another form. */
function clientOf(line: string): ProxiedClient | undefined {
  const [, family, source = "", destination = "", port = "", destinationPort = "", ...more] = line.split(" ");
  const isAddress = family === "TCP4" ? ipaddr.IPv4.isValidFourPartDecimal : isIpv6;
  const isWhole = more.length === 0 && (family === "TCP4" || family === "TCP6");
  if (!isWhole || ![source, destination].every(isAddress) || ![port, destinationPort].every(isPort)) return undefined;
  return { address: Uint8Array.from(ipaddr.parse(source).toByteArray()), port: Number(port) };
}

/** Whether a text is an IPv6 address without a zone. */
function isIpv6(text: string): boolean {
  return !text.includes("%") && ipaddr.IPv6.isValid(text);
}

function isPort(text: string): boolean {
  return PORT.test(text) && Number(text) <= 0xffff;
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}
