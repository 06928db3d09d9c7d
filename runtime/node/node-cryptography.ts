import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import type { Cryptography } from "../plugin/cryptography.js";

const TAG_BYTES = 16;

/** Cryptography by `node:crypto`. */
export const nodeCryptography: Cryptography = {
  digest(algorithm, bytes) {
    return createHash(algorithm).update(bytes).digest();
  },
  hmacSha256(key, bytes) {
    return createHmac("sha256", key).update(bytes).digest();
  },
  encryptAesBlock(key, block) {
    return createCipheriv("aes-128-ecb", key, null).update(block);
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
    return plaintext;
  },
};
