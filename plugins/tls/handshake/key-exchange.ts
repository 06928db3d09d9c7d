import { CipherSuite } from "../../../generated/tls/parameters_enums.js";
import { uint16 } from "../../../runtime/plugin/index.js";

/** A curve given by its number, the only form in use (RFC 8422, section 5.4). */
const NAMED_CURVE = 3;

/** Suites whose ServerKeyExchange begins with a curve, and those where the hint of a PSK precedes it (RFC 5489). */
const curveFirst = new Set<number>();
const hintFirst = new Set<number>();
for (const [name, number] of Object.entries(CipherSuite)) {
  if (name.startsWith("TLS_ECDHE_PSK_")) hintFirst.add(number);
  else if (name.startsWith("TLS_ECDHE_") || name.startsWith("TLS_ECDH_ANON_")) curveFirst.add(number);
}

/**
 * The group of the ServerKeyExchange `bytes[at, end)`, without its handshake header; null if it has none. While the suite is not known,
 * because datagrams are out of order, anything with the form of a curve counts as one.
 */
export function serverKeyExchangeGroup(
  cipherSuite: number | null,
  bytes: Uint8Array,
  at: number,
  end: number,
): number | null {
  if (cipherSuite !== null && hintFirst.has(cipherSuite)) {
    if (at + 2 > end) return null;
    at += 2 + uint16(bytes, at);
  } else if (cipherSuite !== null && !curveFirst.has(cipherSuite)) return null;
  return at + 3 <= end && bytes[at] === NAMED_CURVE ? uint16(bytes, at + 1) : null;
}
