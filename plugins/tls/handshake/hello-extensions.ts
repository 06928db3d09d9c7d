import { ExtensionType } from "../../../generated/tls/parameters_enums.js";
import { type ByteList, type NumberList, uint16 } from "../../../runtime/plugin/index.js";
import { writeEscaped } from "../escaped-text.js";

/** Bytes of an extension's type and length (RFC 8446, section 4.2). */
export const EXTENSION_HEADER_BYTES = 4;

/** A bit for each extension type seen in the current hello; all zero between calls. */
const seen = new Uint32Array(65536 / 32);

/** The extensions of a hello. */
export interface ExtensionBlock {
  /** Where the first one begins; -1 where the hello breaks the format before them. */
  readonly first: number;
  /** End of the last one that is whole. */
  readonly end: number;
  /** Nothing breaks the format, in them or before. */
  readonly isWhole: boolean;
}

/** The extensions of a hello that breaks the format before them. */
export const NO_EXTENSIONS: ExtensionBlock = { first: -1, end: -1, isWhole: false };

/**
 * Finds the extensions of a hello that ends at `end`, whose length is at `at`, and lists their types. They end before an extension that
 * exceeds the block or the hello, or that occurs a second time (RFC 8446, section 4.2).
 */
export function findExtensions(types: NumberList, bytes: Uint8Array, at: number, end: number): ExtensionBlock {
  if (at === end) return { first: end, end, isWhole: true };
  const first = at + 2;
  if (first > end) return NO_EXTENSIONS;
  const blockEnd = first + uint16(bytes, at);
  const last = Math.min(blockEnd, end);
  for (at = first; at + EXTENSION_HEADER_BYTES <= last; ) {
    const next = at + EXTENSION_HEADER_BYTES + uint16(bytes, at + 2);
    const type = uint16(bytes, at);
    if (next > last || (seen[type >> 5]! & (1 << (type & 31))) !== 0) break;
    seen[type >> 5]! |= 1 << (type & 31);
    types.push(type);
    at = next;
  }
  for (let i = first; i < at; i += EXTENSION_HEADER_BYTES + uint16(bytes, i + 2)) seen[uint16(bytes, i) >> 5] = 0;
  return { first, end: at, isWhole: at === blockEnd && at === end };
}

/** Position of the extension of this type, -1 if it is absent. */
export function findExtension(type: number, bytes: Uint8Array, extensions: ExtensionBlock): number {
  const { first, end } = extensions;
  for (let at = first; at < end; ) {
    if (uint16(bytes, at) === type) return at;
    at += EXTENSION_HEADER_BYTES + uint16(bytes, at + 2);
  }
  return -1;
}

/**
 * Appends the numbers, of `size` 1 or 2 bytes, of a vector that fills `bytes[at, end)` and has its length in `lengthSize` bytes before
 * it. False if it is incomplete.
 */
export function readNumbers(
  list: NumberList,
  size: number,
  lengthSize: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): boolean {
  if (at + lengthSize > end) return false;
  const next = at + lengthSize + (lengthSize === 1 ? bytes[at]! : uint16(bytes, at));
  if (next > end || (next - at - lengthSize) % size !== 0) return false;
  for (at += lengthSize; at < next; at += size) list.push(size === 1 ? bytes[at]! : uint16(bytes, at));
  return true;
}

/**
 * Appends the point formats of a ClientHello (RFC 8422, section 5.1.2), which JA3 needs in every protocol. False if they break the format.
 */
export function readPointFormats(list: NumberList, bytes: Uint8Array, extensions: ExtensionBlock): boolean {
  const formats = findExtension(ExtensionType.EC_POINT_FORMATS, bytes, extensions);
  if (formats === -1) return true;
  const content = formats + EXTENSION_HEADER_BYTES;
  return readNumbers(list, 1, 1, bytes, content, content + uint16(bytes, formats + 2));
}

/** Appends the protocols of an ALPN extension's content (RFC 7301, section 3.1). False if they break the format. */
export function readProtocols(list: ByteList, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 2 > end || at + 2 + uint16(bytes, at) !== end) return false;
  for (at += 2; at < end; ) {
    const next = at + 1 + bytes[at]!;
    if (next > end) return false;
    writeEscaped(list.arena, bytes, at + 1, next);
    list.endItem();
    at = next;
  }
  return true;
}
