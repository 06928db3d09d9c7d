/** Longest time of Node's timers, in milliseconds; a longer one fires at once. */
const MAX_DEADLINE_MS = 2 ** 31 - 1;
/** Milliseconds of the units of `grpc-timeout` (gRPC over HTTP/2, "Timeout"); shorter ones cannot reach the bound. */
const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000 };

/**
 * Bounds the deadline that a client gives in `grpc-timeout` or `connect-timeout-ms` by what a timer can wait, 24 days. Text that is
 * not a valid deadline is left as it is.
 */
export function boundDeadline(header: Headers): void {
  const [, count, unit] = /^(\d{1,8})([HMS])$/.exec(header.get("grpc-timeout") ?? "") ?? [];
  if (Number(count) * (UNIT_MS[unit ?? ""] ?? 0) > MAX_DEADLINE_MS)
    header.set("grpc-timeout", `${Math.floor(MAX_DEADLINE_MS / 1000)}S`);
  const milliseconds = header.get("connect-timeout-ms") ?? "";
  if (/^\d{1,10}$/.test(milliseconds) && Number(milliseconds) > MAX_DEADLINE_MS)
    header.set("connect-timeout-ms", String(MAX_DEADLINE_MS));
}
