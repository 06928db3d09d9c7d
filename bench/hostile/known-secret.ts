import { MAX_HASHED_WORDS } from "../../runtime/bytes/hash-key.js";
import { Random } from "../../runtime/record/testing/random.js";

/** A secret of hash tables that is the same in every run. */
export function secretFrom(seed: number): Int32Array {
  const random = new Random(seed);
  return Int32Array.from({ length: MAX_HASHED_WORDS }, () => random.uint32());
}

/**
 * Words that add nothing to a hash whose secret is known, 65536 of them at most: their lower half cancels the secret's, and what is
 * multiplied by 0 does not matter. `index` is the word's place in the table's key.
 */
export function cancellingWords(secret: Int32Array, index: number, count: number): number[] {
  if (count > 65536) throw new RangeError(`there are 65536 such words, not ${count}`);
  const lower = -secret[index]! & 0xffff;
  return Array.from({ length: count }, (_, upper) => ((upper << 16) | lower) >>> 0);
}
