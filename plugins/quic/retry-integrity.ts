import { createCipheriv } from "node:crypto";
import type { LongHeader } from "./long-header.js";
import { rulesOf } from "./versions.js";

const TAG_BYTES = 16;

/**
 * True for a Retry whose integrity tag is of the client's packet with the destination `originalId` (RFC 9001, section 5.8; RFC 9369, section
 * 3.3.3), or whose version has no such tag.
 */
export function isRetryOf(
  originalId: Uint8Array,
  bytes: Uint8Array,
  { start, version, sourceEnd, end }: LongHeader,
): boolean {
  const keys = rulesOf(version)?.retry;
  if (keys === undefined) return true;
  const tag = end - TAG_BYTES;
  if (tag < sourceEnd) return false;
  const cipher = createCipheriv("aes-128-gcm", keys.key, keys.nonce);
  cipher.setAAD(Buffer.concat([Buffer.of(originalId.length), originalId, bytes.subarray(start, tag)]));
  cipher.final();
  return cipher.getAuthTag().equals(bytes.subarray(tag, end));
}
