const SECOND = 1_000_000_000n;
/** Maximum number of characters that are parsed. */
const MAX_LENGTH = 100;
const PART = /(\d{1,20})(?:\.(\d{1,9}))?(ns|us|µs|μs|ms|s|m|h|d|w)/g;
const FORM = new RegExp(`^(-?)(?:(?:${PART.source})+|\\d{1,20}(?:\\.\\d{1,9})?)$`);
const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
  d: 86_400n * SECOND,
  w: 604_800n * SECOND,
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
 * Nanoseconds of decimal numbers with units (`ns`, `us`, `µs`, `ms`, `s`, `m`, `h`, `d`, `w`), such as `1h30m`; a number alone is seconds.
 * Undefined for anything else, for fractions of a nanosecond, and for durations that 64 bits cannot hold.
 */
export function parseDuration(text: string): bigint | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const sum = sumOf(/[a-zµμ]$/.test(text) ? text : `${text}s`);
  if (sum === undefined) return undefined;
  const nanoseconds = match[1] === "-" ? -sum : sum;
  return BigInt.asIntN(64, nanoseconds) === nanoseconds ? nanoseconds : undefined;
}

function sumOf(text: string): bigint | undefined {
  let sum = 0n;
  for (const [, whole, fraction = "", unit] of text.matchAll(PART)) {
    const scaled = BigInt(whole + fraction) * NANOSECONDS[unit as keyof typeof NANOSECONDS]!;
    const divisor = 10n ** BigInt(fraction.length);
    if (scaled % divisor !== 0n) return undefined;
    sum += scaled / divisor;
  }
  return sum;
}
