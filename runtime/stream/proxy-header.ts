import { uint16 } from "../wire/big-endian.js";

/** Longest header of version 1, with its line end. */
const MAX_LINE = 107;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const LINE_START = Uint8Array.from("PROXY ", (character) => character.charCodeAt(0));
const SIGNATURE = Uint8Array.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
/** The signature, a version and a command, a family, and the length of what follows. */
const FIXED_LENGTH = 16;

/**
 * Length of a PROXY protocol header, version 1 or 2, that `bytes[start, end)` begin with, 0 where they begin with none that is whole. A load
 * balancer sends it before a connection's own bytes, in one segment ("The PROXY protocol, versions 1 & 2", HAProxy, section 2).
 */
export function proxyHeaderLength(bytes: Uint8Array, start: number, end: number): number {
  if (startsWith(bytes, start, end, SIGNATURE)) {
    if (end - start < FIXED_LENGTH || bytes[start + 12]! >> 4 !== 2) return 0;
    const length = FIXED_LENGTH + uint16(bytes, start + 14);
    return length <= end - start ? length : 0;
  }
  if (!startsWith(bytes, start, end, LINE_START)) return 0;
  const last = Math.min(end, start + MAX_LINE);
  for (let at = start + LINE_START.length; at + 1 < last; at++) {
    if (bytes[at] === CARRIAGE_RETURN) return bytes[at + 1] === LINE_FEED ? at + 2 - start : 0;
  }
  return 0;
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}
