/** 1677-09-22T00:00:00Z, the first time that DuckDB's `TIMESTAMP_NS` holds in every function: the day before is there in part only. */
const FIRST = -9_223_286_400_000_000_000n;
/** 2262-04-11T23:47:16.854775807Z, the last nanosecond since the Unix epoch in 64 bits. */
const LAST = 2n ** 63n - 1n;

/** The time in nanoseconds since the Unix epoch, if the store can store and compare it; else undefined. */
export function storableTime(nanoseconds: bigint): bigint | undefined {
  return nanoseconds >= FIRST && nanoseconds <= LAST ? nanoseconds : undefined;
}
