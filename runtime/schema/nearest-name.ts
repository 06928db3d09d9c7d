import { distance } from "fastest-levenshtein";
import { quote } from "./quote.js";

/** Characters of a name that are compared at most: a comparison takes the product of both lengths. */
const MAX_COMPARED_CHARACTERS = 200;
/** Names that a message lists at most. */
const MAX_LISTED_NAMES = 12;
/** Characters of a name for each edit that it may be away. */
const CHARACTERS_PER_EDIT = 3;

/**
 * The name that takes the fewest edits to reach from `name`, without regard to case; two neighbouring characters that have changed places
 * are one edit. Undefined where no name is within one edit for every three characters of `name`: a far guess misleads more than none.
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

/** Edits from one text to another, of which one may be a swap; any number above `most` where it takes more. */
function editsBetween(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1;
  const edits = distance(from, to);
  // Without the swap its two characters are two edits, so that it saves one.
  if (edits < 2 || edits !== most + 1) return edits;
  for (let at = 1; at < from.length; at++) {
    const swapped = from.slice(0, at - 1) + from[at]! + from[at - 1]! + from.slice(at + 1);
    if (distance(swapped, to) === edits - 2) return edits - 1;
  }
  return edits;
}

/** What a message about an unknown name ends with: `the nearest is "x"`, or the names there are, as `listing` has them, where none is near. */
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
