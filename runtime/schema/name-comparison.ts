import type { Comparison } from "./event-table.js";

/**
 * `(name)(:port)`, where the name is one of two groups: that before a final dot, or that without. A colon that is not before a port belongs to
 * the name, which may be an IPv6 address in brackets. Without lazy quantifiers, which databases understand differently.
 */
export const HOST_FORM = "^(?:(\\[[^\\]]*\\]|[^:]*)\\.|(\\[[^\\]]*\\]|[^:]*))(:[0-9]{0,5})?$";
/** The groups of {@link HOST_FORM}: the name, and the name with the port. */
export const HOST_NAME = "\\1\\2";
export const HOST_WITH_PORT = "\\1\\2\\3";
/** Text before a final dot that `\` does not escape. */
export const FINAL_DOT_FORM = "^((?:[^\\\\]|\\\\.)+)\\.$";

const HOST = new RegExp(HOST_FORM, "s");
const FINAL_DOT = new RegExp(FINAL_DOT_FORM, "s");

/** ASCII letters in lower case (RFC 4343, section 3); the characters of names in UTF-8 compare as they are. */
export function foldName(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A domain name as it compares: without case, without the final dot; the root stays `.`. */
export function nameKey(text: string): string {
  const folded = foldName(text);
  return FINAL_DOT.test(folded) ? folded.slice(0, -1) : folded;
}

/** A host in its parts as they compare; the port is empty, or begins with a colon. */
export function hostKey(text: string): { readonly name: string; readonly port: string } {
  const folded = foldName(text);
  const found = HOST.exec(folded);
  if (found === null) return { name: folded, port: "" };
  return { name: found[1] ?? found[2] ?? "", port: found[3] ?? "" };
}

/** A stored text as it compares by `lt`, `gt` and `like`. */
export function comparisonKey(comparison: Comparison, text: string): string {
  if (comparison === "name") return nameKey(text);
  const { name, port } = hostKey(text);
  return name + port;
}

/**
 * Texts that compare equal to a domain name once they are folded: with the final dot and without.
 */
export function nameForms(text: string): string[] {
  const key = nameKey(text);
  return FINAL_DOT.test(`${key}.`) ? [key, `${key}.`] : [key];
}

/** A `like` pattern for texts that {@link comparisonKey} gives: folded, without a final dot of its own. */
export function namePattern(pattern: string): string {
  return nameKey(pattern);
}

/** Hosts that values name: those of any port, by name, and those of one port, as name and port. */
export interface HostSet {
  readonly names: readonly string[];
  readonly withPorts: readonly string[];
}

/** The hosts of some values: one without a port stands for the host whatever its port. */
export function hostSet(values: readonly string[]): HostSet {
  const keys = values.map(hostKey);
  return {
    names: keys.filter(({ port }) => port.length <= 1).map(({ name }) => name),
    withPorts: keys.filter(({ port }) => port.length > 1).map(({ name, port }) => name + port),
  };
}
