import { IngestLimits } from "./ingest-limits.js";

/** C0 and C1 control characters, halves of surrogate pairs, and the separators that break a line of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/**
 * What is wrong with a text that names something in listings and logs, such as an agent's id or a label: undefined, or the rest of a
 * sentence that begins with the text.
 */
export function nameProblem(text: string): string | undefined {
  if (UNPRINTABLE.test(text)) return "has control characters";
  if (new TextEncoder().encode(text).length > IngestLimits.nameBytes)
    return `is longer than ${IngestLimits.nameBytes} bytes`;
  return undefined;
}
