import { indexOfByte } from "../../bytes/ascii.js";
import { byteNameSet } from "../../bytes/byte-names.js";
import { CREDENTIAL_FIELDS } from "../../plugin/credential-fields.js";
import type { ByteSlot } from "../../record/byte-slot.js";
import { CredentialName } from "./credential-name.js";
import { type LeadingAuthority, maskUrl, mayHaveUrlCredentials, writeMark } from "./mask-url.js";

/** Header fields whose value is an authority, or has one that is not after `//`. */
const AUTHORITY_FIELDS = byteNameSet("forwarded", "host", "x-forwarded-host", "x-forwarded-server", "x-original-host");

/** Header fields whose value is a URL. */
const URL_FIELDS = byteNameSet(
  ...["content-location", "location", "origin", "referer", "x-original-url", "x-rewrite-url"],
);

const HORIZONTAL_TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const SLASH = 47;
const COLON = 58;
const QUESTION = 63;
const AT = 64;

/** Reused by every text; nothing in it outlives the call. */
const fieldName = new CredentialName();

/**
 * Appends the text `bytes[start, end)` to `slot` with `***` in place of its credentials; returns whether there are any. A text is a header field
 * (`name: value`), whose value may be a credential or a URL, or it is a URL, a path or an authority, which {@link maskUrl} masks. Each line of a
 * text is such a text; one that begins with a blank continues the field before it (RFC 9112, section 5.2), and every line after a credential
 * continues that. `isCut`: the text was truncated at `end`.
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
    if (rule === "credential") {
      if (value === end) return isMasked;
      writeMark(slot);
      return true;
    }
    if (maskUrl(slot, bytes, value, lineEnd, LEADING_AUTHORITY[rule], isCut && lineEnd === end)) isMasked = true;
    if (lineEnd === end) return isMasked;
    slot.append(bytes, lineEnd, lineEnd + 1);
    at = lineEnd + 1;
  }
}

/** False if {@link maskCredentials} does not find a credential in a complete text. */
export function mayHaveCredentials(bytes: Uint8Array, start: number, end: number): boolean {
  return mayHaveUrlCredentials(bytes, start, end) || fieldValueStart(bytes, start, end) !== -1;
}

/**
 * As {@link maskCredentials} for a text that is an authority (RFC 3986, section 3.2), whatever it contains: everything before its last `@`,
 * encoded or not, is user information.
 */
export function maskAuthority(slot: ByteSlot, bytes: Uint8Array, start: number, end: number, isCut: boolean): boolean {
  return maskUrl(slot, bytes, start, end, "whole", isCut);
}

/** What a line, or the value of the field in it, is. */
type LineRule = "text" | "field" | "url" | "authority" | "credential";

/** A field other than those that have an authority may be a sentence with an `@`. */
const LEADING_AUTHORITY: Readonly<Record<Exclude<LineRule, "credential">, LeadingAuthority>> = {
  text: "possible",
  field: "none",
  url: "possible",
  authority: "whole",
};

function ruleOfField(bytes: Uint8Array, start: number, end: number): LineRule {
  if (isCredentialField(bytes, start, end)) return "credential";
  if (AUTHORITY_FIELDS.find(bytes, start, end) === true) return "authority";
  return URL_FIELDS.find(bytes, start, end) === true ? "url" : "field";
}

function isCredentialField(bytes: Uint8Array, start: number, end: number): boolean {
  if (CREDENTIAL_FIELDS.find(bytes, start, end) === true) return true;
  fieldName.reset();
  for (let at = start; at < end; at++) fieldName.add(bytes[at]!);
  return fieldName.isCredential();
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
