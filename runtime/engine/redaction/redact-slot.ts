import { formatHex } from "../../bytes/hexadecimal.js";
import { decodeUtf8, encodeText } from "../../bytes/text.js";
import { cryptography } from "../../plugin/cryptography.js";
import { ByteSlot } from "../../record/byte-slot.js";
import { ByteList } from "../../record/lists.js";
import type { Column } from "../../schema/event-table.js";
import { formatIp, isIpv4, parseIp } from "../../schema/ip-text.js";
import { nameKey } from "../../schema/name-comparison.js";
import { maskAuthority, maskCredentials, mayHaveCredentials } from "./mask-credentials.js";
import { mayHaveUrlCredentials } from "./mask-url.js";

/** Maximum bytes of a hash in a value, 128 bits. */
const HASH_BYTES = 16;
/** Number of kept bits of an address: its network. */
const IPV4_PREFIX_BYTES = 3;
const IPV6_PREFIX_BYTES = 6;
/** Number of kept labels of a name, and of kept bytes of any other text. */
const NAME_LABELS = 2;
const TEXT_BYTES = 8;

/** How a value is replaced. */
export interface ValueRedaction {
  /** False for a complete value that {@link replace} does not change. */
  readonly mayChange: (bytes: Uint8Array, start: number, end: number) => boolean;
  /**
   * Writes the replacement of the value `bytes[start, end)` to the empty end of `slot`; returns whether it differs. `isCut`: the value was
   * truncated by its field.
   */
  readonly replace: (slot: ByteSlot, bytes: Uint8Array, start: number, end: number, isCut: boolean) => boolean;
}

/** Replaces credentials in a column's texts by `***`. */
export function maskOf({ comparison }: Column): ValueRedaction {
  return comparison === "host"
    ? { mayChange: mayHaveUrlCredentials, replace: maskAuthority }
    : { mayChange: mayHaveCredentials, replace: maskCredentials };
}

const always = (): true => true;

/**
 * Keyed hashes (HMAC with SHA-256, RFC 2104) of a column's values: 32 hexadecimal digits for a text, 16 bytes for bytes, an address of
 * `fd00::/8` (RFC 4193) for an address, a locally administered one for a MAC address (IEEE Std 802, section 8.4). Texts that compare as
 * equal have the same hash.
 */
export function keyedHash({ type, comparison }: Column, key: Uint8Array): ValueRedaction {
  const replace: ValueRedaction["replace"] = (slot, bytes, start, end) => {
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
  return { mayChange: always, replace };
}

function folded(value: Uint8Array): Uint8Array {
  return encodeText(nameKey(decodeUtf8(value, 0, value.length)));
}

/** Keeps the network of an address (24 bits of IPv4, 48 of IPv6), also of one in the place of a name, the last two labels of a name, the first eight bytes of any other text. */
export function prefixOf({ type, comparison }: Column): ValueRedaction {
  if (type === "ip") return { mayChange: always, replace: keepNetwork };
  return { mayChange: always, replace: comparison === undefined ? keepFirstBytes : keepLastLabels };
}

const keepNetwork: ValueRedaction["replace"] = (slot, bytes, start, end) => {
  const length = end - start;
  const kept = Math.min(length, length === 4 ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES);
  slot.append(bytes, start, start + kept);
  for (let i = kept; i < length; i++) slot.push(0);
  return true;
};

const keepLastLabels: ValueRedaction["replace"] = (slot, bytes, start, end) => {
  const text = decodeUtf8(bytes, start, end);
  const network = networkOf(text);
  if (network !== undefined) {
    slot.appendText(network);
    return network !== text;
  }
  const from = lastLabels(bytes, start, end);
  slot.append(bytes, from, end);
  return from > start;
};

const keepFirstBytes: ValueRedaction["replace"] = (slot, bytes, start, end) => {
  let stop = Math.min(end, start + TEXT_BYTES);
  // Does not split a UTF-8 character.
  while (stop < end && stop > start && (bytes[stop]! & 0xc0) === 0x80) stop--;
  slot.append(bytes, start, stop);
  return stop < end;
};

/** The network of a host that is an address, with its masked user information and its port; undefined for a name. */
function networkOf(text: string): string | undefined {
  const [, user = "", bracketed, plain, port = ""] =
    /^(\*\*\*@)?(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(:\d*)?$/.exec(text) ?? [];
  const address = parseIp(bracketed ?? plain ?? text);
  if (address === undefined) return undefined;
  const hiddenBits = 8n * BigInt(isIpv4(address) ? 4 - IPV4_PREFIX_BYTES : 16 - IPV6_PREFIX_BYTES);
  const network = formatIp((address >> hiddenBits) << hiddenBits);
  return `${user}${bracketed === undefined ? network : `[${network}]`}${port}`;
}

function lastLabels(bytes: Uint8Array, start: number, end: number): number {
  const DOT = 46;
  let labels = 0;
  // A final dot ends the name and does not begin a label.
  for (let at = end - 2; at >= start; at--) {
    if (bytes[at] === DOT && ++labels === NAME_LABELS) return at + 1;
  }
  return start;
}

/** The value that is being redacted; written anew by each call. */
const scratch = new ByteSlot(65536);
/** Ends of the items of the list that is being redacted. */
const ends: number[] = [];

/**
 * Redacts a text, bytes, or each item of a list of them; returns whether anything changed. Uses scratch memory of this module, which
 * does not hold values between calls.
 */
export function redactSlot(value: ByteSlot | ByteList, redaction: ValueRedaction): boolean {
  if (value instanceof ByteList) return redactList(value, redaction);
  if (!value.isPresent || value.length === 0) return false;
  const isCut = value.overflowed;
  if (!isCut && !redaction.mayChange(value.bytes, 0, value.length)) return false;
  copyToScratch(value.bytes, value.length);
  value.length = 0;
  const isRedacted = redaction.replace(value, scratch.bytes, 0, scratch.length, isCut);
  // The replacement may be longer than the field although the value was not.
  value.overflowed = isCut;
  return isRedacted;
}

function redactList(list: ByteList, redaction: ValueRedaction): boolean {
  const { length, arena, overflowed } = list;
  if (length === 0 || (!overflowed && !mayChangeItem(list, redaction))) return false;
  copyToScratch(arena.bytes, list.itemBytes);
  for (let i = 0; i < length; i++) ends[i] = list.ends[i]!;
  list.reset();
  let isRedacted = false;
  let start = 0;
  for (let i = 0; i < length; i++) {
    const end = ends[i]!;
    // It is not known which item of a list was truncated, except by its length and by the end of the list's memory.
    const isCut = overflowed && (end - start >= list.maxBytes || end === arena.maxBytes);
    if (redaction.replace(arena, scratch.bytes, start, end, isCut)) isRedacted = true;
    list.endItem();
    start = end;
  }
  list.overflowed = overflowed;
  arena.overflowed = false;
  return isRedacted;
}

function mayChangeItem({ length, arena, ends: itemEnds }: ByteList, { mayChange }: ValueRedaction): boolean {
  for (let i = 0, start = 0; i < length; i++) {
    if (mayChange(arena.bytes, start, itemEnds[i]!)) return true;
    start = itemEnds[i]!;
  }
  return false;
}

function copyToScratch(bytes: Uint8Array, length: number): void {
  scratch.reset();
  scratch.append(bytes, 0, length);
}
