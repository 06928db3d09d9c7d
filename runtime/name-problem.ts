import { IngestLimits } from "./ingest-limits.js";

/** C0 and C1 control characters, halves of surrogate pairs, and the separators that break a line of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** {@link nameProblem} of an agent's id, which is a segment of paths: URLs have no segment `.` or `..` (RFC 3986, section 5.2.4). */
export function agentIdProblem(text: string): string | undefined {
  if (text === "") return "is empty";
  return text === "." || text === ".." ? "cannot be a part of a path" : nameProblem(text);
}

/**
 * Why a text is not a valid name in listings and logs, such as that of an agent or a label: the rest of a sentence that begins with the text,
 * or undefined if it is valid.
 */
export function nameProblem(text: string): string | undefined {
  if (UNPRINTABLE.test(text)) return "has control characters";
  if (new TextEncoder().encode(text).length > IngestLimits.nameBytes)
    return `is longer than ${IngestLimits.nameBytes} bytes`;
  return undefined;
}
