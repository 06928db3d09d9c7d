import { NamedGroup } from "../../../generated/tls/parameters_enums.js";

/** OpenSSL's long names of the algorithms of public keys, and of signatures (RFC 3279, RFC 4055, RFC 5758, RFC 8410, RFC 9881). */
const ALGORITHM_NAMES = new Map<string, string>([
  ["1.2.840.113549.1.1.1", "rsaEncryption"],
  ["1.2.840.113549.1.1.2", "md2WithRSAEncryption"],
  ["1.2.840.113549.1.1.3", "md4WithRSAEncryption"],
  ["1.2.840.113549.1.1.4", "md5WithRSAEncryption"],
  ["1.2.840.113549.1.1.5", "sha1WithRSAEncryption"],
  ["1.2.840.113549.1.1.10", "rsassaPss"],
  ["1.2.840.113549.1.1.11", "sha256WithRSAEncryption"],
  ["1.2.840.113549.1.1.12", "sha384WithRSAEncryption"],
  ["1.2.840.113549.1.1.13", "sha512WithRSAEncryption"],
  ["1.2.840.113549.1.1.14", "sha224WithRSAEncryption"],
  ["1.3.14.3.2.29", "sha1WithRSA"],
  ["1.2.840.113549.1.3.1", "dhKeyAgreement"],
  ["1.2.840.10040.4.1", "dsaEncryption"],
  ["1.2.840.10040.4.3", "dsaWithSHA1"],
  ["2.16.840.1.101.3.4.3.1", "dsa_with_SHA224"],
  ["2.16.840.1.101.3.4.3.2", "dsa_with_SHA256"],
  ["1.2.840.10045.2.1", "id-ecPublicKey"],
  ["1.2.840.10045.4.1", "ecdsa-with-SHA1"],
  ["1.2.840.10045.4.3.1", "ecdsa-with-SHA224"],
  ["1.2.840.10045.4.3.2", "ecdsa-with-SHA256"],
  ["1.2.840.10045.4.3.3", "ecdsa-with-SHA384"],
  ["1.2.840.10045.4.3.4", "ecdsa-with-SHA512"],
  ["1.3.101.110", "X25519"],
  ["1.3.101.111", "X448"],
  ["1.3.101.112", "ED25519"],
  ["1.3.101.113", "ED448"],
  ["1.2.156.10197.1.501", "SM2-with-SM3"],
  ["2.16.840.1.101.3.4.3.17", "ML-DSA-44"],
  ["2.16.840.1.101.3.4.3.18", "ML-DSA-65"],
  ["2.16.840.1.101.3.4.3.19", "ML-DSA-87"],
]);

/** A curve by its object identifier: its group in TLS and the bits of its field (RFC 5480, section 2.1.1.1; RFC 5639). */
const CURVES = new Map<string, readonly [group: number, bits: number]>([
  ["1.2.840.10045.3.1.1", [NamedGroup.SECP192R1, 192]],
  ["1.3.132.0.33", [NamedGroup.SECP224R1, 224]],
  ["1.2.840.10045.3.1.7", [NamedGroup.SECP256R1, 256]],
  ["1.3.132.0.10", [NamedGroup.SECP256K1, 256]],
  ["1.3.132.0.34", [NamedGroup.SECP384R1, 384]],
  ["1.3.132.0.35", [NamedGroup.SECP521R1, 521]],
  ["1.3.36.3.3.2.8.1.1.7", [NamedGroup.BRAINPOOLP256R1, 256]],
  ["1.3.36.3.3.2.8.1.1.11", [NamedGroup.BRAINPOOLP384R1, 384]],
  ["1.3.36.3.3.2.8.1.1.13", [NamedGroup.BRAINPOOLP512R1, 512]],
  ["1.2.156.10197.1.301", [NamedGroup.CURVESM2, 256]],
]);

/** Bits of the keys whose algorithm has one size: those of the encoded key (RFC 7748, RFC 8032). */
const FIXED_KEY_BITS = new Map<string, number>([
  ["1.3.101.110", 256],
  ["1.3.101.111", 448],
  ["1.3.101.112", 256],
  ["1.3.101.113", 456],
]);

/** OpenSSL's name of an algorithm, or its object identifier as it is. */
export function algorithmName(identifier: string): string {
  return ALGORITHM_NAMES.get(identifier) ?? identifier;
}

/** Group and bits of a curve, undefined for one that is not known. */
export function curveOf(identifier: string): readonly [group: number, bits: number] | undefined {
  return CURVES.get(identifier);
}

/** Bits of a key whose algorithm has one size, undefined for another algorithm. */
export function fixedKeyBits(identifier: string): number | undefined {
  return FIXED_KEY_BITS.get(identifier);
}
