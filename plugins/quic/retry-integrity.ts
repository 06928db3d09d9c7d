import { cryptography } from "../../runtime/plugin/index.js";
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
  const pseudoPacket = new Uint8Array(1 + originalId.length + tag - start);
  pseudoPacket[0] = originalId.length;
  pseudoPacket.set(originalId, 1);
  pseudoPacket.set(bytes.subarray(start, tag), 1 + originalId.length);
  // The packet has no ciphertext, only the tag.
  return cryptography().openAesGcm(keys.key, keys.nonce, pseudoPacket, bytes.subarray(tag, end)) !== undefined;
}
