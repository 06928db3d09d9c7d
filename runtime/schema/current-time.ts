/** The wall clock's time in nanoseconds since the Unix epoch, exact to milliseconds. */
export function currentTime(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
