import { describeNearest } from "../../schema/nearest-name.js";
import { quote } from "../../schema/quote.js";
import { WireloomError } from "../../wireloom-error.js";

/**
 * The parameters of a path that has those of `names` alone, each once. Throws a {@link WireloomError} `invalid_argument` on any other, with
 * the nearest name, and on one that is given twice.
 */
export function readParameters<Name extends string>(
  { pathname, searchParams }: URL,
  names: readonly Name[],
): ReadonlyMap<Name, string> {
  const read = new Map<Name, string>();
  for (const [given, text] of searchParams) {
    const name = names.find((known) => known === given);
    if (name === undefined) {
      const what = names.length === 0 ? "it takes none" : describeNearest(given, names);
      throw new WireloomError("invalid_argument", `${quote(pathname)} has no parameter ${quote(given)}; ${what}`);
    }
    if (read.has(name)) throw new WireloomError("invalid_argument", `${name}: the parameter is given twice`);
    read.set(name, text);
  }
  return read;
}
