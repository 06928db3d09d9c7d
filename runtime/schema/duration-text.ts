const SECOND = 1_000_000_000n;
const FORM = /^(-?)(\d{1,20})(?:\.(\d{1,9}))?(ns|us|µs|μs|ms|s|m|h)$/;
const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};

/** Nanoseconds as seconds with 0, 3, 6 or 9 fraction digits and `s`, as ProtoJSON writes a Duration. */
export function formatDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction = size % SECOND;
  const whole = `${sign}${size / SECOND}`;
  if (fraction === 0n) return `${whole}s`;
  const digits = String(fraction).padStart(9, "0");
  if (fraction % 1_000_000n === 0n) return `${whole}.${digits.slice(0, 3)}s`;
  if (fraction % 1_000n === 0n) return `${whole}.${digits.slice(0, 6)}s`;
  return `${whole}.${digits}s`;
}

/**
 * Nanoseconds of a decimal number with a unit (`ns`, `us`, `µs`, `ms`, `s`, `m`, `h`). Undefined for anything else,
 * for fractions of a nanosecond, and for durations that 64 bits cannot hold.
 */
export function parseDuration(text: string): bigint | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, fraction = "", unit] = match;
  const scaled = BigInt(whole + fraction) * NANOSECONDS[unit as keyof typeof NANOSECONDS]!;
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) return undefined;
  const nanoseconds = (sign === "-" ? -scaled : scaled) / divisor;
  return BigInt.asIntN(64, nanoseconds) === nanoseconds ? nanoseconds : undefined;
}
