/**
 * How the values of a semantic type are kept in a column batch and in databases. Each form has one canonical JavaScript form:
 *
 * | form | column | canonical |
 * | --- | --- | --- |
 * | `bool` | 0 or 1 | boolean |
 * | `u16`, `u32`, `i32`, `f64` | a number | number |
 * | `u64`, `i64` | two 32-bit words | bigint |
 * | `time` | two words, nanoseconds since the Unix epoch, signed | bigint |
 * | `u128` | four words | bigint |
 * | `uuid` | four words | string |
 * | `text` | a slice of UTF-8 | string |
 * | `bytes` | a slice | Uint8Array |
 *
 * The set is closed: every database maps all of it, so that a new semantic type needs no change of a database.
 */
export type StorageForm =
  | "bool"
  | "u16"
  | "u32"
  | "i32"
  | "f64"
  | "u64"
  | "i64"
  | "time"
  | "u128"
  | "uuid"
  | "text"
  | "bytes";

/** The 32-bit words of a value, least significant word first; undefined for forms that are not kept in words. */
export const STORAGE_WORDS: Readonly<Partial<Record<StorageForm, 2 | 4>>> = {
  u64: 2,
  i64: 2,
  time: 2,
  u128: 4,
  uuid: 4,
};

/** True for forms that are slices of the batch's bytes. */
export function isSlice(form: StorageForm): form is "text" | "bytes" {
  return form === "text" || form === "bytes";
}
