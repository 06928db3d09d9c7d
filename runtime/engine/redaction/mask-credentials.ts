import { ascii, equalsText, indexOfByte } from "../../bytes/ascii.js";
import { ByteNames } from "../../bytes/byte-names.js";
import { CREDENTIAL_FIELDS } from "../../plugin/credential-fields.js";
import type { ByteSlot } from "../../record/byte-slot.js";
import { type LeadingAuthority, maskUrl, writeMark } from "./mask-url.js";

const HOST_FIELD = ascii("host");
const HORIZONTAL_TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const SLASH = 47;
const COLON = 58;
const QUESTION = 63;
const AT = 64;

/** Bytes of which a text with credentials, other than a header field, contains at least one: delimiters of {@link maskUrl} and ends of lines. */
const SIGNS = new Uint8Array(256);
for (const sign of ascii("?#@;&%\n\r")) SIGNS[sign] = 1;

/** Schemes whose URIs have a user name before the `@`, without a credential. */
const PERSON_SCHEMES = new ByteNames(["acct", "im", "mailto", "xmpp"].map((name) => [name, true] as const));

/**
 * Appends the text `bytes[start, end)` to `slot` with `***` in place of its credentials; returns whether there are any. A text is a header field
 * (`name: value`), whose value may be a credential or a URL, or it is a URL, a path or an authority, which {@link maskUrl} masks. Each line of a
 * text is such a text; one that begins with a blank continues the field before it (RFC 9112, section 5.2). `isCut`: the text was truncated at
 * `end`.
 */
export function maskCredentials(
  slot: ByteSlot,
  bytes: Uint8Array,
  start: number,
  end: number,
  isCut: boolean,
): boolean {
  let isMasked = false;
  let rule: LineRule = "text";
  let at = start;
  while (true) {
    const lineEnd = endOfLine(bytes, at, end);
    let value = at;
    if (at === start || !isBlank(bytes, at, lineEnd)) {
      const found = fieldValueStart(bytes, at, lineEnd);
      rule = found === -1 ? "text" : ruleOfField(bytes, at, found - 2);
      if (found !== -1) value = found;
    }
    slot.append(bytes, at, value);
    if (maskLine(slot, bytes, value, lineEnd, rule, isCut && lineEnd === end)) isMasked = true;
    if (lineEnd === end) return isMasked;
    slot.append(bytes, lineEnd, lineEnd + 1);
    at = lineEnd + 1;
  }
}

/** False if a text cannot have credentials. */
export function mayHaveCredentials(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (SIGNS[bytes[at]!] === 1) return true;
  return fieldValueStart(bytes, start, end) !== -1;
}

/** What a line, or the value of the field in it, is. */
type LineRule = "text" | "field" | "host" | "credential";

function ruleOfField(bytes: Uint8Array, start: number, end: number): LineRule {
  if (CREDENTIAL_FIELDS.find(bytes, start, end) === true) return "credential";
  return equalsText(bytes, start, end, HOST_FIELD) ? "host" : "field";
}

function maskLine(
  slot: ByteSlot,
  bytes: Uint8Array,
  start: number,
  end: number,
  rule: LineRule,
  isCut: boolean,
): boolean {
  if (rule === "credential") {
    if (start === end) return false;
    writeMark(slot);
    return true;
  }
  return maskUrl(slot, bytes, start, end, leadingAuthority(bytes, start, end, rule), isCut);
}

/** A field other than Host may be a sentence with an `@`; the `@` of an address of a person is not after a credential. */
function leadingAuthority(bytes: Uint8Array, start: number, end: number, rule: LineRule): LeadingAuthority {
  if (rule === "host") return "whole";
  if (rule === "field") return "none";
  const colon = indexOfByte(bytes, COLON, start, end);
  return colon !== -1 && PERSON_SCHEMES.find(bytes, start, colon) === true ? "none" : "possible";
}

function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) at++;
  return at;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  return start === end || bytes[start] === SPACE || bytes[start] === HORIZONTAL_TAB;
}

/** Position after the `: ` of a header field; -1 if the text is not one. */
function fieldValueStart(bytes: Uint8Array, start: number, end: number): number {
  const colon = indexOfByte(bytes, COLON, start, end);
  if (colon <= start || colon + 1 >= end || bytes[colon + 1] !== SPACE) return -1;
  for (let at = start; at < colon; at++) {
    const byte = bytes[at]!;
    if (byte <= SPACE || byte === SLASH || byte === AT || byte === QUESTION) return -1;
  }
  return colon + 2;
}
