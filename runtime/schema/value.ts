/**
 * A value of a column that is not a list, in its canonical form, by semantic type:
 *
 * | form | types |
 * | --- | --- |
 * | null | any, if there is no value |
 * | boolean | bool |
 * | number | uint32, int32, port, enum, double |
 * | bigint | uint64, int64, timestamp (ns since the Unix epoch), duration (ns), mac (48 bits), ip (128 bits, as `formatIp` reads them) |
 * | string | text, uuid |
 * | Uint8Array | bytes |
 */
export type ScalarValue = null | boolean | number | bigint | string | Uint8Array;

/** A value of any column; a list column's is an array, empty if there is nothing. */
export type Value = ScalarValue | readonly ScalarValue[];

/** The values of some columns, in the order of those columns. */
export type Row = readonly Value[];
