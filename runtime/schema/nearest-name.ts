import { distance } from "fastest-levenshtein";
import { quote } from "./quote.js";

/** Characters of a name that are compared at most: a comparison takes the product of both lengths. */
const MAX_COMPARED_CHARACTERS = 200;
/** Names that a message lists at most. */
const MAX_LISTED_NAMES = 12;
const MIN_ACCEPTED_EDITS = 2;

/**
 * The name that takes the fewest edits to reach from `name`, without regard to case; undefined where every name is more than two edits
 * and more than a third of `name` away, or shares no character with it: a far guess misleads more than none.
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  const wanted = name.slice(0, MAX_COMPARED_CHARACTERS).toLowerCase();
  const accepted = Math.max(MIN_ACCEPTED_EDITS, Math.floor(wanted.length / 3));
  let nearest: string | undefined;
  let least = Math.min(accepted + 1, wanted.length);
  for (const candidate of names) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits < least) {
      least = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/** What a message about an unknown name ends with: `the nearest is "x"`, or the names there are where none is near. */
export function describeNearest(name: string, names: Iterable<string>): string {
  const known = [...names];
  const nearest = nearestName(name, known);
  return nearest === undefined ? `there are ${listNames(known)}` : `the nearest is ${quote(nearest)}`;
}

/** `a, b, c and 3 more`: the first dozen of some names. */
export function listNames(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED_NAMES).join(", ");
  const more = names.length - MAX_LISTED_NAMES;
  return `${listed}${more > 0 ? ` and ${more} more` : ""}`;
}
