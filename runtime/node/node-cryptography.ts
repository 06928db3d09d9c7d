import { createCipheriv, createDecipheriv, createHmac, hash } from "node:crypto";
import type { Cryptography } from "../plugin/cryptography.js";

const TAG_BYTES = 16;

/** The same bytes without the methods of `Buffer`, some of which differ from those of `Uint8Array`. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The bytes with the numbers of the text's characters, which are at most 255. */
function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Cryptography by `node:crypto`. */
export const nodeCryptography: Cryptography = {
  digest(algorithm, bytes) {
    // A buffer of Node.js would be allocated outside the heap, which takes longer than the digest of a certificate.
    return latin1Bytes(hash(algorithm, bytes, "binary"));
  },
  hexDigest(algorithm, text) {
    return hash(algorithm, text, "hex");
  },
  hmacSha256(key, bytes) {
    return plain(createHmac("sha256", key).update(bytes).digest());
  },
  encryptAesBlock(key, block) {
    return plain(createCipheriv("aes-128-ecb", key, null).update(block));
  },
  openAesGcm(key, nonce, associated, sealed) {
    const tagStart = sealed.length - TAG_BYTES;
    if (tagStart < 0) return undefined;
    const decipher = createDecipheriv("aes-128-gcm", key, nonce);
    decipher.setAAD(associated);
    decipher.setAuthTag(sealed.subarray(tagStart));
    const plaintext = decipher.update(sealed.subarray(0, tagStart));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return plain(plaintext);
  },
};
