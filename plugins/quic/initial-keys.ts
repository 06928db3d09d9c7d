import { cryptography, encodeText } from "../../runtime/plugin/index.js";
import { rulesOf } from "./versions.js";

/** Keys of one direction's Initial packets. */
export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerProtection: Uint8Array;
}

const KEY_BYTES = 16;
const IV_BYTES = 12;
const SECRET_BYTES = 32;

/**
 * Keys of the Initial packets of a version, from the destination connection id of the client's first one (RFC 9001, section 5.2; RFC 9369,
 * section 3.3); undefined for a version that is not known.
 */
export function initialKeys(version: number, connectionId: Uint8Array, isOfServer: boolean): InitialKeys | undefined {
  const rules = rulesOf(version);
  if (rules === undefined) return undefined;
  const initial = cryptography().hmacSha256(rules.salt, connectionId);
  const secret = expandLabel(initial, isOfServer ? "server in" : "client in", SECRET_BYTES);
  return {
    key: expandLabel(secret, `${rules.label}key`, KEY_BYTES),
    iv: expandLabel(secret, `${rules.label}iv`, IV_BYTES),
    headerProtection: expandLabel(secret, `${rules.label}hp`, KEY_BYTES),
  };
}

/** HKDF-Expand-Label without a context (RFC 8446, section 7.1), of up to one block of SHA-256. */
function expandLabel(secret: Uint8Array, label: string, lengthBytes: number): Uint8Array {
  const name = encodeText(`tls13 ${label}`);
  const info = Uint8Array.of(0, lengthBytes, name.length, ...name, 0, 1);
  return cryptography().hmacSha256(secret, info).subarray(0, lengthBytes);
}
