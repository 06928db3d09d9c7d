import { isWholeVlanTag } from "./ether-type.js";

const HEADER_BYTES = 14;
const TAG_BYTES = 4;
/** Maximum number of tags; bytes with more are not a header. */
const MAX_TAGS = 8;

/** First byte after the Ethernet header at `start` and its VLAN tags, whose last two bytes are a type or a length; -1 if it is truncated. */
export function frameHeaderEnd(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return -1;
  let at = start + HEADER_BYTES;
  for (let tags = 0; tags < MAX_TAGS && isWholeVlanTag((bytes[at - 2]! << 8) | bytes[at - 1]!, at, end); tags++) {
    at += TAG_BYTES;
  }
  return at;
}
