/** MD5 (RFC 1321) or SHA-256 (FIPS 180-4). */
export type DigestAlgorithm = "md5" | "sha256";

/**
 * Cryptography that decoders need. The host provides it, so that neither engine nor decoders import modules of Node.js; see
 * `runtime/node/node-cryptography.ts`.
 */
export interface Cryptography {
  /** Digest of the bytes. */
  digest(algorithm: DigestAlgorithm, bytes: Uint8Array): Uint8Array;
  /** Digest of a text in UTF-8, in lower-case hexadecimal digits, as in fingerprints. */
  hexDigest(algorithm: DigestAlgorithm, text: string): string;
  /** HMAC with SHA-256 (RFC 2104): 32 bytes. */
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** Encrypts one block of 16 bytes with AES-128 (FIPS 197). */
  encryptAesBlock(key: Uint8Array, block: Uint8Array): Uint8Array;
  /**
   * Decrypts with AES-128-GCM (RFC 5116, section 5.1); `sealed` is the ciphertext followed by the tag of 16 bytes. Returns undefined if
   * the tag is wrong.
   */
  openAesGcm(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

/** The host's implementation, one for the process: decoders call it from functions without state. */
let provided: Cryptography | undefined;

/** Sets the cryptography that decoders use in this process. A pipeline calls it with its own. */
export function provideCryptography(cryptography: Cryptography): void {
  provided = cryptography;
}

/** The host's cryptography. Throws an `Error` if none was provided. */
export function cryptography(): Cryptography {
  if (provided !== undefined) return provided;
  throw new Error("no cryptography was provided; call provideCryptography before decoders run");
}
