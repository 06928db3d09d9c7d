import { formatHex } from "../../bytes/hexadecimal.js";
import { decodeUtf8, encodeText } from "../../bytes/text.js";
import { cryptography } from "../../plugin/cryptography.js";
import { ByteSlot } from "../../record/byte-slot.js";
import { ByteList } from "../../record/lists.js";
import type { Column } from "../../schema/event-table.js";
import { nameKey } from "../../schema/name-comparison.js";
import { maskCredentials, mayHaveCredentials } from "./mask-credentials.js";

/** Bytes of a hash that a value holds at most; 128 bits of it. */
const HASH_BYTES = 16;
/** Bits of the network of an address that are kept. */
const IPV4_PREFIX_BYTES = 3;
const IPV6_PREFIX_BYTES = 6;
/** Labels of a name that are kept, and bytes of any other text. */
const NAME_LABELS = 2;
const TEXT_BYTES = 8;

/**
 * Writes what stands for the value `bytes[start, end)` to the empty end of `slot`; true where that is another value. `isCut` says that the
 * value was longer than its field.
 */
export type ValueRedaction = (slot: ByteSlot, bytes: Uint8Array, start: number, end: number, isCut: boolean) => boolean;

/** Replaces credentials in a text by `***`. */
export const mask: ValueRedaction = (slot, bytes, start, end, isCut) => {
  if (isCut || mayHaveCredentials(bytes, start, end)) return maskCredentials(slot, bytes, start, end, isCut);
  slot.append(bytes, start, end);
  return false;
};

/**
 * Keyed hashes (HMAC with SHA-256, RFC 2104) of a column's values: 32 hexadecimal digits for a text, 16 bytes for bytes, an address of
 * `fd00::/8` (RFC 4193) for an address, a locally administered one for a MAC address (IEEE Std 802, section 8.4). Texts that compare as
 * equal have the same hash.
 */
export function keyedHash({ type, comparison }: Column, key: Uint8Array): ValueRedaction {
  return (slot, bytes, start, end) => {
    const value = bytes.subarray(start, end);
    const hash = cryptography()
      .hmacSha256(key, comparison === undefined ? value : folded(value))
      .subarray(0, HASH_BYTES);
    switch (type) {
      case "text":
        slot.appendText(formatHex(hash).slice(0, slot.maxBytes - slot.length));
        break;
      case "ip":
        hash[0] = 0xfd;
        slot.append(hash, 0, HASH_BYTES);
        break;
      case "mac":
        hash[0] = (hash[0]! & 0xfc) | 0x02;
        slot.append(hash, 0, 6);
        break;
      default:
        slot.append(hash, 0, Math.min(HASH_BYTES, slot.maxBytes - slot.length));
    }
    return true;
  };
}

function folded(value: Uint8Array): Uint8Array {
  return encodeText(nameKey(decodeUtf8(value, 0, value.length)));
}

/** The network of an address (24 bits of IPv4, 48 of IPv6), the last two labels of a name, the first eight bytes of any other text. */
export function prefixOf({ type, comparison }: Column): ValueRedaction {
  if (type === "ip") {
    return (slot, bytes, start, end) => {
      const length = end - start;
      const kept = Math.min(length, length === 4 ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES);
      slot.append(bytes, start, start + kept);
      for (let i = kept; i < length; i++) slot.push(0);
      return true;
    };
  }
  if (comparison !== undefined) {
    return (slot, bytes, start, end) => {
      const from = lastLabels(bytes, start, end);
      slot.append(bytes, from, end);
      return from > start;
    };
  }
  return (slot, bytes, start, end) => {
    let stop = Math.min(end, start + TEXT_BYTES);
    // A character of UTF-8 is not cut.
    while (stop < end && stop > start && (bytes[stop]! & 0xc0) === 0x80) stop--;
    slot.append(bytes, start, stop);
    return stop < end;
  };
}

function lastLabels(bytes: Uint8Array, start: number, end: number): number {
  const DOT = 46;
  let labels = 0;
  // A final dot ends the name, it does not begin a label.
  for (let at = end - 2; at >= start; at--) {
    if (bytes[at] === DOT && ++labels === NAME_LABELS) return at + 1;
  }
  return start;
}

const scratch = new ByteSlot(65536);
const ends: number[] = [];

/**
 * Redacts a text, bytes, or each item of a list of them; true where that changed anything. Uses scratch memory of this module, which no
 * call leaves anything in.
 */
export function redactSlot(value: ByteSlot | ByteList, redact: ValueRedaction): boolean {
  if (value instanceof ByteList) return redactList(value, redact);
  if (!value.isPresent || value.length === 0) return false;
  const isCut = value.overflowed;
  copyToScratch(value.bytes, value.length);
  value.length = 0;
  const isRedacted = redact(value, scratch.bytes, 0, scratch.length, isCut);
  // What stands for a value may be longer than its field; the value was not.
  value.overflowed = isCut;
  return isRedacted;
}

function redactList(list: ByteList, redact: ValueRedaction): boolean {
  const { length, arena, overflowed } = list;
  if (length === 0) return false;
  copyToScratch(arena.bytes, list.itemBytes);
  for (let i = 0; i < length; i++) ends[i] = list.ends[i]!;
  list.reset();
  let isRedacted = false;
  let start = 0;
  for (let i = 0; i < length; i++) {
    const end = ends[i]!;
    // Which item of a list was cut is not known, but for its length.
    const isCut = overflowed && end - start >= list.maxBytes;
    if (redact(arena, scratch.bytes, start, end, isCut)) isRedacted = true;
    list.endItem();
    start = end;
  }
  list.overflowed = overflowed;
  arena.overflowed = false;
  return isRedacted;
}

function copyToScratch(bytes: Uint8Array, length: number): void {
  scratch.reset();
  scratch.append(bytes, 0, length);
}
