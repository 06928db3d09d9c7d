import { eastAsianWidth } from "get-east-asian-width";

const ELLIPSIS = "…";

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/**
 * Control characters, line separators, and characters that change the text direction: a packet could control a terminal or hide text with
 * them.
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Characters without a width. */
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A text without the characters that control a terminal. */
export function printableText(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(UNSAFE, "�");
}

/** Width of a printable text in a terminal, in columns (Unicode Standard Annex #11). */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** A printable text of exactly `width` columns: padded with spaces, or truncated and ended with an ellipsis. */
export function fitText(text: string, width: number): string {
  if (PRINTABLE_ASCII.test(text)) {
    return text.length <= width ? text.padEnd(width) : `${text.slice(0, Math.max(0, width - 1))}${ELLIPSIS}`;
  }
  let taken = 0;
  /** Where the text is truncated so that the ellipsis has room, and the number of columns before. */
  let cut = 0;
  let kept = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    taken += graphemeWidth(segment);
    if (taken > width) return `${text.slice(0, cut)}${ELLIPSIS}${" ".repeat(Math.max(0, width - kept - 1))}`;
    if (taken < width) {
      cut = index + segment.length;
      kept = taken;
    }
  }
  return text + " ".repeat(width - taken);
}

/**
 * The text of a list, its items separated by spaces, in exactly `width` columns: if it does not fit, the items at its end are replaced by
 * an ellipsis.
 */
export function fitList(text: string, width: number): string {
  if (textWidth(text) <= width) return fitText(text, width);
  // The separator is the only position before the ellipsis at which no item is truncated.
  const end = text.lastIndexOf(" ", Math.max(0, width - 2));
  return `${end > 0 ? `${text.slice(0, end)} ` : ""}${ELLIPSIS}`.padEnd(width);
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  // The first character determines the width; marks and modifiers after it are drawn over it.
  return eastAsianWidth(grapheme.codePointAt(0)!);
}
