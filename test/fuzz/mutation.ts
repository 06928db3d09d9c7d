import fc from "fast-check";

/** One change to a byte string; places are fractions of its length, so that they suit any. */
export interface Mutation {
  readonly kind: (typeof KINDS)[number];
  readonly place: number;
  readonly value: number;
}

const KINDS = ["bit", "byte", "length8", "length16", "length32", "cut", "remove", "repeat", "fill", "splice"] as const;

/** Values that bounds and counts go wrong at. */
const INTERESTING = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 192, 254, 255];

/** Lists of mutations, most of them short. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    place: fc.nat(0xffff),
    value: fc.nat(0xffff),
  }),
  { maxLength: 6, size: "xsmall" },
);

/** The bytes after some mutations; `other` lends the bytes of a splice. */
export function mutate(bytes: Uint8Array, changes: readonly Mutation[], other: Uint8Array): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (const change of changes) result = apply(result, change, other);
  return result;
}

function apply(
  bytes: Uint8Array<ArrayBuffer>,
  { kind, place, value }: Mutation,
  other: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { length } = bytes;
  if (length === 0) return bytes;
  const at = Math.floor((place / 0x10000) * length);
  switch (kind) {
    case "bit":
      bytes[at]! ^= 1 << (value & 7);
      return bytes;
    case "byte":
      bytes[at] = INTERESTING[value % INTERESTING.length]!;
      return bytes;
    case "length8":
      bytes[at]! += (value % 9) - 4;
      return bytes;
    case "length16":
      writeNumber(bytes, at, 2, value);
      return bytes;
    case "length32":
      writeNumber(bytes, at, 4, value % 3 === 0 ? 0xffffffff : value);
      return bytes;
    case "cut":
      return bytes.slice(0, at);
    case "remove": {
      const end = Math.min(length, at + 1 + (value % 32));
      return concatenate(bytes.subarray(0, at), bytes.subarray(end));
    }
    case "repeat": {
      const end = Math.min(length, at + 1 + (value % 64));
      return concatenate(bytes.subarray(0, end), bytes.subarray(at));
    }
    case "fill":
      bytes.fill(value & 255, at, at + (value >> 8));
      return bytes;
    case "splice": {
      const from = Math.floor((value / 0x10000) * other.length);
      return concatenate(bytes.subarray(0, at), other.subarray(from, from + 1500));
    }
  }
}

function writeNumber(bytes: Uint8Array, at: number, size: number, value: number): void {
  for (let i = 0; i < size && at + i < bytes.length; i++) bytes[at + i] = value >>> (8 * (size - 1 - i));
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
