/** Maximum number of words that one key hashes. */
export const MAX_HASHED_WORDS = 32;

/**
 * The secret key of a process's hash tables, different in each run: senders of packets cannot choose packets that fall into one bucket.
 *
 * A hash is the sum of {@link hashWord} over the words of a table's key, each with its own word of the secret key, passed through
 * {@link finishHash}. That is NH of UMAC (RFC 4418, section 5.2.2) with halves of 16 bits: two different keys of one length, chosen
 * without knowledge of the secret, have the same sum with a probability of at most 2^-16, so no bucket's chain grows beyond a
 * few keys. A seed that is only mixed into multiplications and shifts does not guarantee that: differences in the words can cancel each
 * other whatever the seed.
 */
export const PROCESS_HASH_KEY: Int32Array = crypto.getRandomValues(new Int32Array(MAX_HASHED_WORDS));

/** Contribution of one word to a hash, with its word of the secret key. */
export function hashWord(word: number, secret: number): number {
  return Math.imul((word + secret) & 0xffff, ((word >>> 16) + (secret >>> 16)) & 0xffff);
}

/** Spreads a sum over all bits (the finalizer of MurmurHash3). */
export function finishHash(sum: number): number {
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return sum ^ (sum >>> 16);
}
