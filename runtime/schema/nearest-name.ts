import { distance } from "fastest-levenshtein";
import { quote } from "./quote.js";

/** Maximum length of a compared name: a comparison takes time proportional to the product of both lengths. */
const MAX_COMPARED_CHARACTERS = 200;
/** Maximum number of names in a message. */
const MAX_LISTED_NAMES = 12;
/** Characters of a name for each permitted edit. */
const CHARACTERS_PER_EDIT = 3;

/**
 * The name with the fewest edits from `name`, ignoring case; exchanging two neighbouring characters
 * is one edit. Undefined if no name is within one edit for every three characters of `name`: a wrong suggestion is worse than none.
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  const wanted = name.slice(0, MAX_COMPARED_CHARACTERS).toLowerCase();
  let nearest: string | undefined;
  let least = Math.floor(wanted.length / CHARACTERS_PER_EDIT) + 1;
  for (const candidate of names) {
    const edits = editsBetween(wanted, candidate.toLowerCase(), least - 1);
    if (edits < least) {
      least = edits;
      nearest = candidate;
    }
  }
  return wanted === "" ? undefined : nearest;
}

/** Number of edits from one text to another, one of which may be an exchange; any number above `most` if there are more. */
function editsBetween(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1;
  const edits = distance(from, to);
  // Without the exchange its two characters are two edits, so it saves one.
  if (edits < 2 || edits !== most + 1) return edits;
  for (let at = 1; at < from.length; at++) {
    const swapped = from.slice(0, at - 1) + from[at]! + from[at - 1]! + from.slice(at + 1);
    if (distance(swapped, to) === edits - 2) return edits - 1;
  }
  return edits;
}

/** End of a message about an unknown name: `the nearest is "x"`, or the known names in the form of `listing` if none is near. */
export function describeNearest(name: string, names: Iterable<string>, listing?: string): string {
  const known = [...names];
  const nearest = nearestName(name, known);
  return nearest === undefined ? `there are ${listing ?? listNames(known)}` : `the nearest is ${quote(nearest)}`;
}

/** `a, b, c and 3 more`: the first dozen of some names. */
export function listNames(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED_NAMES).join(", ");
  const more = names.length - MAX_LISTED_NAMES;
  return `${listed}${more > 0 ? ` and ${more} more` : ""}`;
}
