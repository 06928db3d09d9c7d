import { Version } from "../../../generated/tls/parameters_enums.js";

/** True for TLS 1.3 and its drafts, and for DTLS 1.3: after the ServerHello everything is encrypted. */
export function isTls13(version: number): boolean {
  const major = version >> 8;
  return version === Version.TLS1_3 || version === Version.DTLS1_3 || major === 0x7f || major === 0xfb;
}
