import { CipherSuite } from "../../../generated/tls/record.js";
import { uint16 } from "../../../runtime/plugin/index.js";

/** Curve by its number, the one form of a curve that is in use (RFC 8422, section 5.4). */
const NAMED_CURVE = 3;

/** Suites whose ServerKeyExchange begins with a curve, and those where the hint of a PSK stands before it (RFC 5489). */
const curveFirst = new Set<number>();
const hintFirst = new Set<number>();
for (const [name, number] of Object.entries(CipherSuite)) {
  if (name.startsWith("TLS_ECDHE_PSK_")) hintFirst.add(number);
  else if (name.startsWith("TLS_ECDHE_") || name.startsWith("TLS_ECDH_ANON_")) curveFirst.add(number);
}

/**
 * The group of the ServerKeyExchange `bytes[at, end)`, without its handshake header; null where it has none. Without a suite, before the
 * ServerHello in datagrams out of order, a curve is what looks like one.
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
