import { ascii, equalsText, lowerCase } from "./ascii.js";

interface Named<Target> {
  readonly name: Uint8Array;
  readonly value: Target;
}

/** Finds a value by its ASCII name, ignoring case, without creating a string. */
export class ByteNames<Target> {
  /** By length and first letter, which distinguish nearly all names. */
  readonly #byKey = new Map<number, Named<Target>[]>();

  constructor(entries: Iterable<readonly [string, Target]>) {
    for (const [text, value] of entries) {
      const name = ascii(text.toLowerCase());
      const key = keyOf(name.length, name[0] ?? 0);
      this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), { name, value }]);
    }
  }

  /** The value of the name `bytes[start, end)`. */
  find(bytes: Uint8Array, start: number, end: number): Target | undefined {
    if (end === start) return undefined;
    const candidates = this.#byKey.get(keyOf(end - start, lowerCase(bytes[start]!)));
    if (candidates === undefined) return undefined;
    for (const { name, value } of candidates) if (equalsText(bytes, start, end, name)) return value;
    return undefined;
  }
}

function keyOf(length: number, first: number): number {
  return (length << 8) | first;
}

/** A set of ASCII names: {@link ByteNames.find} returns true for a member. */
export function byteNameSet(...names: readonly string[]): ByteNames<true> {
  return new ByteNames(names.map((name) => [name, true] as const));
}
