import fastStringTruncatedWidth from "fast-string-truncated-width";

const ELLIPSIS = "…";
const CUT = { limit: Number.POSITIVE_INFINITY, ellipsis: ELLIPSIS, ellipsisWidth: 1 };

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Control characters, line separators, and what changes the direction of text: a packet could steer a terminal or hide text with them. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text without the characters that steer a terminal. */
export function printableText(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(UNSAFE, "�");
}

/** Columns that a printable text takes in a terminal (Unicode Standard Annex #11). */
export function textWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : fastStringTruncatedWidth(text).width;
}

/** A printable text of exactly `width` columns: filled with spaces, or cut and ended with an ellipsis. */
export function fitText(text: string, width: number): string {
  if (PRINTABLE_ASCII.test(text)) {
    return text.length <= width ? text.padEnd(width) : `${text.slice(0, Math.max(0, width - 1))}${ELLIPSIS}`;
  }
  CUT.limit = width;
  const { index, ellipsed, width: kept } = fastStringTruncatedWidth(text, CUT);
  const fitted = ellipsed ? `${text.slice(0, index)}${ELLIPSIS}` : text;
  return fitted + " ".repeat(Math.max(0, width - kept - (ellipsed ? 1 : 0)));
}
