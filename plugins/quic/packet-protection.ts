import { createCipheriv, createDecipheriv } from "node:crypto";
import type { InitialKeys } from "./initial-keys.js";
import type { LongHeader } from "./long-header.js";

const SAMPLE_BYTES = 16;
const TAG_BYTES = 16;
/** Where the sample for the header's mask is taken: four bytes after where the packet number begins. */
const SAMPLE_OFFSET = 4;

/**
 * The payload of an Initial packet in the clear (RFC 9001, sections 5.3 and 5.4); undefined where the keys are not the packet's, or it was
 * changed on its way.
 */
export function unprotect(bytes: Uint8Array, header: LongHeader, keys: InitialKeys): Uint8Array | undefined {
  const { start, numberStart, end } = header;
  const sample = numberStart + SAMPLE_OFFSET;
  if (sample + SAMPLE_BYTES > end) return undefined;
  const mask = createCipheriv("aes-128-ecb", keys.headerProtection, null).update(
    bytes.subarray(sample, sample + SAMPLE_BYTES),
  );
  const numberBytes = ((bytes[start]! ^ mask[0]!) & 3) + 1;
  const payloadStart = numberStart + numberBytes;
  const tag = end - TAG_BYTES;
  if (payloadStart > tag) return undefined;
  const associated = Buffer.from(bytes.subarray(start, payloadStart));
  associated[0]! ^= mask[0]! & 0x0f;
  const nonce = Buffer.from(keys.iv);
  for (let i = 0; i < numberBytes; i++) {
    const at = numberStart - start + i;
    associated[at]! ^= mask[i + 1]!;
    // Numbers of Initial packets are small, so that what the packet leaves out of its number is zero (RFC 9000, section 17.1).
    nonce[nonce.length - numberBytes + i]! ^= associated[at]!;
  }
  const decipher = createDecipheriv("aes-128-gcm", keys.key, nonce);
  decipher.setAAD(associated);
  decipher.setAuthTag(bytes.subarray(tag, end));
  const payload = decipher.update(bytes.subarray(payloadStart, tag));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return payload;
}
