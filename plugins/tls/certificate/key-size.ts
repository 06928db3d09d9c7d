import type { Certificate } from "./certificate.js";
import { curveOf, fixedKeyBits } from "./certificate-algorithms.js";
import { DerReader, DerTag } from "./der.js";

const RSA = "1.2.840.113549.1.1.1";
const RSA_PSS = "1.2.840.113549.1.1.10";
const EC = "1.2.840.10045.2.1";

/** Bits of a certificate's public key and, of an EC key, the curve's group; null if they are not known. */
export function keySize(
  { keyAlgorithm, key }: Certificate,
  bytes: Uint8Array,
): { bits: number | null; group: number | null } {
  const { identifier, parameter } = keyAlgorithm;
  if (identifier === RSA || identifier === RSA_PSS)
    return { bits: modulusBits(bytes, key.start, key.end), group: null };
  if (identifier !== EC) return { bits: fixedKeyBits(identifier) ?? null, group: null };
  const curve = curveOf(parameter);
  return curve === undefined ? { bits: null, group: null } : { bits: curve[1], group: curve[0] };
}

/** Bits of the modulus, the first number of an RSA key (RFC 8017, appendix A.1.1). */
function modulusBits(bytes: Uint8Array, at: number, end: number): number | null {
  const key = new DerReader(bytes, at, end);
  if (!key.nextIf(DerTag.Sequence)) return null;
  const numbers = key.content();
  if (!numbers.nextIf(DerTag.Integer)) return null;
  let first = numbers.start;
  while (first < numbers.end && bytes[first] === 0) first++;
  return first === numbers.end ? 0 : (numbers.end - first) * 8 - (Math.clz32(bytes[first]!) - 24);
}
