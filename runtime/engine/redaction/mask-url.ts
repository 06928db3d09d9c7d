import { ascii, lowerCase } from "../../bytes/ascii.js";
import type { ByteSlot } from "../../record/byte-slot.js";
import { CredentialName } from "./credential-name.js";
import { EncodedCharacter } from "./percent-encoding.js";

const MARK = ascii("***");
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const AMPERSAND = 38;
const APOSTROPHE = 39;
const PLUS = 43;
const HYPHEN = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;
const AT = 64;

/** Bytes after which a credential may begin, and those that end the path. */
const SIGNS = tableOf("\"#%'/=?");

/** Delimiters of parameters, and bytes that a name does not contain. */
const NAME_BOUNDARIES = tableOf("?#&;/,|<>{}()");

/** Bytes of which a text with credentials contains at least one: before the value of a parameter, after user information, between lines. */
const CREDENTIAL_DELIMITERS = tableOf("\"%'=@\r\n");

/** 1 for each byte of an ASCII text. */
function tableOf(text: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of ascii(text)) table[byte] = 1;
  return table;
}

/**
 * Whether a text begins with an authority (RFC 3986, section 3.2): `none`, it does not; `possible`, it may; `whole`, the text is an authority,
 * and everything before its last `@` is user information.
 */
export type LeadingAuthority = "none" | "possible" | "whole";

/** Copies a text to a slot, with marks in place of parts. */
class MaskedCopy {
  isMasked = false;
  #slot: ByteSlot | undefined;
  /** Everything before it is in the slot. */
  #written = 0;

  begin(slot: ByteSlot, start: number): void {
    this.#slot = slot;
    this.#written = start;
    this.isMasked = false;
  }

  /** Replaces `bytes[from, to)` by a mark; returns `to`. */
  replace(bytes: Uint8Array, from: number, to: number): number {
    this.#slot!.append(bytes, this.#written, from);
    writeMark(this.#slot!);
    this.#written = to;
    this.isMasked = true;
    return to;
  }

  end(bytes: Uint8Array, end: number): void {
    this.#slot!.append(bytes, this.#written, end);
    this.#slot = undefined;
  }
}

/** Reads the names of parameters. */
class ParameterName {
  /** Whether an encoded delimiter came before the last name. */
  isAfterEncodedDelimiter = false;
  readonly #name = new CredentialName();

  /** Whether the part of `bytes[start, end)` after its last delimiter, or after its last `boundary`, is the name of a credential. */
  isCredential(bytes: Uint8Array, start: number, end: number, boundary: number): boolean {
    this.#name.reset();
    this.isAfterEncodedDelimiter = false;
    for (let at = start; at < end; at = character.end) {
      character.read(bytes, at, end);
      const { byte } = character;
      if (isDelimiter(byte)) this.isAfterEncodedDelimiter = true;
      if (byte === boundary || NAME_BOUNDARIES[byte] === 1) this.#name.reset();
      else this.#name.add(byte);
    }
    return this.#name.isCredential();
  }
}

/** Reused by every call of {@link maskUrl}; nothing in them outlives the call. */
const character = new EncodedCharacter();
const name = new ParameterName();
const mask = new MaskedCopy();

/** Appends `***`. */
export function writeMark(slot: ByteSlot): void {
  slot.append(MARK, 0, MARK.length);
}

/** False if {@link maskUrl} does not find a credential in a complete text, and the text is one line. */
export function mayHaveUrlCredentials(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (CREDENTIAL_DELIMITERS[bytes[at]!] === 1) return true;
  return false;
}

/**
 * Appends the text `bytes[start, end)` to `slot` with `***` in place of credentials; returns whether there are any. They are: the user
 * information of every authority, which follows `//` (RFC 3986, section 3.2.1), and the values of parameters with the name of a credential
 * ({@link CredentialName}): `name=value`, or `"name":value` in JSON. All of these delimiters may be percent-encoded, as in a URL that is a
 * parameter of another. `isCut`: the text was truncated at `end`.
 */
export function maskUrl(
  slot: ByteSlot,
  bytes: Uint8Array,
  start: number,
  end: number,
  first: LeadingAuthority,
  isCut: boolean,
): boolean {
  mask.begin(slot, start);
  let at = start;
  if (first !== "none") {
    const user = first === "whole" ? lastAt(bytes, start, end, isCut) : leadingUserEnd(bytes, start, end, isCut);
    if (user > start) at = mask.replace(bytes, start, user);
  }
  /** No name begins before it. */
  let nameFloor = at;
  /** A `?` or `#` that is not encoded came before. */
  let isAfterPath = false;
  while (at < end) {
    if (SIGNS[bytes[at]!] !== 1) {
      at++;
      continue;
    }
    character.read(bytes, at, end);
    const { byte, level, end: next } = character;
    const signStart = at;
    at = next;
    if (byte === SLASH) {
      if (next === end) break;
      character.read(bytes, next, end);
      if (character.byte !== SLASH) continue;
      const authority = character.end;
      at = authority;
      const authorityLevel = Math.max(level, character.level);
      const user = userEnd(bytes, authority, end, authorityLevel, isCut, isAfterPath, first === "none");
      if (user > authority) {
        at = mask.replace(bytes, authority, user);
        nameFloor = at;
      }
    } else if (byte === QUESTION || byte === HASH) {
      if (level === 0) isAfterPath = true;
    } else {
      const value = byte === EQUALS ? next : byte === QUOTE || byte === APOSTROPHE ? afterColon(bytes, next, end) : -1;
      if (value === -1) continue;
      const nameStart = startOfName(bytes, nameFloor, signStart);
      const hasDelimiter = nameStart > nameFloor;
      nameFloor = value;
      if (!name.isCredential(bytes, nameStart, signStart, byte)) continue;
      const delimiter = hasDelimiter && !name.isAfterEncodedDelimiter ? bytes[nameStart - 1]! : AMPERSAND;
      const to = valueEnd(bytes, value, end, delimiter, isAfterPath);
      if (to > value) at = mask.replace(bytes, value, to);
      nameFloor = Math.max(nameFloor, at);
    }
  }
  mask.end(bytes, end);
  return mask.isMasked;
}

/** Where the name that ends at `end` begins: after the closest delimiter before it that is not encoded, but not before `floor`. */
function startOfName(bytes: Uint8Array, floor: number, end: number): number {
  let at = end;
  while (at > floor && !isDelimiter(bytes[at - 1]!)) at--;
  return at;
}

function isDelimiter(byte: number): boolean {
  return byte === QUESTION || byte === HASH || byte === AMPERSAND || byte === SEMICOLON || byte === SLASH;
}

/** Position after a colon at `start`, with or without white space before it; -1 for none. */
function afterColon(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at = character.end) {
    character.read(bytes, at, end);
    if (character.byte === COLON) return character.end;
    if (character.byte > SPACE && character.byte !== PLUS) return -1;
  }
  return -1;
}

/**
 * End of the value at `start`: the next `&` or `#` that is not encoded. The value of a parameter after `;` also ends at the next `;`, and in the
 * path, where a parameter belongs to a segment, at the next `/` or `?` but not at `&` (RFC 3986, section 3.3). A value in the path itself, after
 * `/`, ends with the path, because values in Base64 have a `/`, too.
 */
function valueEnd(bytes: Uint8Array, start: number, end: number, delimiter: number, isAfterPath: boolean): number {
  const isInPath = !isAfterPath && (delimiter === SEMICOLON || delimiter === SLASH);
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === HASH || (byte === SEMICOLON && delimiter === SEMICOLON)) break;
    if (isInPath ? byte === QUESTION || (byte === SLASH && delimiter === SEMICOLON) : byte === AMPERSAND) break;
  }
  return at;
}

/**
 * Position of the last `@` of the authority at `start`, -1 for none. The authority ends at the next `/`, `?` or `#` that is encoded at most as
 * often as the `//` before it; in a parameter also at its end, `&`, and in a sentence at a blank, a quote, `<` or `>`. An `@` that is encoded
 * more often counts after a colon, as in `bob:secret%40host`. If the text was truncated within the authority, the rest of it may be user
 * information, and is treated as such.
 */
function userEnd(
  bytes: Uint8Array,
  start: number,
  end: number,
  level: number,
  isCut: boolean,
  isInParameter: boolean,
  isInSentence: boolean,
): number {
  let found = -1;
  let hasColon = false;
  for (let at = start; at < end; at = character.end) {
    character.read(bytes, at, end);
    const { byte } = character;
    if (byte === COLON) hasColon = true;
    if (byte === AT && (character.level <= level || hasColon)) found = at;
    if (character.level > level) continue;
    if (byte === SLASH || byte === QUESTION || byte === HASH) return found;
    if (character.level > 0) continue;
    if (isInParameter && byte === AMPERSAND) return found;
    if (isInSentence && (byte <= SPACE || byte === QUOTE || byte === LESS || byte === GREATER)) return found;
  }
  return isCut ? end : found;
}

/**
 * As {@link userEnd} for a text that may begin with an authority. If a colon that is not followed by `//` comes before an `@`, a password may be
 * between them, which may have any byte: all before the last `@` is user information, also in a URI such as `mailto:bob@a.example`.
 */
function leadingUserEnd(bytes: Uint8Array, start: number, end: number, isCut: boolean): number {
  if (start === end || bytes[start] === SLASH || bytes[start] === QUESTION || bytes[start] === HASH) return -1;
  let canBeScheme = true;
  for (let at = start; at < end; at++) {
    if (bytes[at] !== COLON) {
      if (!isOfScheme(bytes[at]!)) canBeScheme = false;
      continue;
    }
    const isBeforeAuthority = at + 2 < end && bytes[at + 1] === SLASH && bytes[at + 2] === SLASH;
    if (!isBeforeAuthority) return lastAt(bytes, start, end, isCut);
    if (canBeScheme) return -1;
  }
  return userEnd(bytes, start, end, 0, isCut, false, false);
}

/** Whether a scheme may have a byte (RFC 3986, section 3.1). */
function isOfScheme(byte: number): boolean {
  const lower = lowerCase(byte);
  if ((lower >= 97 && lower <= 122) || (lower >= 48 && lower <= 57)) return true;
  return byte === PLUS || byte === HYPHEN || byte === DOT;
}

/** Position of the last `@`, encoded or not, -1 for none; `end` if the text was truncated there. */
function lastAt(bytes: Uint8Array, start: number, end: number, isCut: boolean): number {
  let found = -1;
  for (let at = start; at < end; at = character.end) {
    character.read(bytes, at, end);
    if (character.byte === AT) found = at;
  }
  return isCut ? end : found;
}
