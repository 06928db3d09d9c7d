import { listNames } from "../schema/nearest-name.js";

/**
 * The protocols that have a name which another one lacks: those of `selected`, or, if only others have it, those. Undefined if `owners`, all
 * protocols that have it, is empty.
 */
export function describeOwners(owners: readonly string[], selected: Iterable<string>): string | undefined {
  if (owners.length === 0) return undefined;
  const chosen = new Set(selected);
  const known = owners.filter((owner) => chosen.has(owner));
  if (known.length > 0) {
    return `of the protocols chosen only ${listNames(known)} ${known.length === 1 ? "has" : "have"} it; choose with --protocol`;
  }
  return `${listNames(owners)} ${owners.length === 1 ? "has" : "have"} it, which --protocol does not name`;
}

/** Names with the protocols that have each, such as `query_name (dns), status (http)`. */
export function describeEachOwner(names: readonly string[], ownersOf: (name: string) => readonly string[]): string {
  return names.map((name) => `${name} (${listNames(ownersOf(name))})`).join(", ");
}
