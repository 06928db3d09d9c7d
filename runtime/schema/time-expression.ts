import { parseDuration } from "./duration-text.js";
import type { RequestClock } from "./request-clock.js";
import { parseTimestamp } from "./timestamp-text.js";

const MINUTE = 60_000_000_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
const STARTS: Readonly<Record<string, bigint>> = { m: MINUTE, h: HOUR, d: DAY };
/** A plus sign arrives as a space where a query string does not escape it. */
const RELATIVE = /^now(?:([+\- ])(\d.*?))?(?:\/([dhm]))?$/i;
const EPOCH = /^(\d{9,11})(?:\.(\d{1,9}))?$|^(\d{12,19})$/;

/**
 * Nanoseconds since the Unix epoch of a time as people write it, in UTC where it names no zone:
 *
 * | form | example |
 * | --- | --- |
 * | RFC 3339; zone, seconds or fraction may be missing, `T` may be a space | `2026-01-31 12:00` |
 * | a date: its first moment | `2026-01-31` |
 * | seconds since the epoch: 9 to 11 digits, with a fraction or without | `1769860800.25` |
 * | milliseconds: 12 to 14 digits; microseconds: 15 to 17; nanoseconds: 18 or 19 | `1769860800000` |
 * | the present, more or less a duration, cut to the minute, hour or day | `now`, `now-1h30m`, `now-7d/d` |
 * | the first moment of the day | `today`, `yesterday` |
 *
 * Undefined for anything else, and for times that 64 bits cannot hold.
 */
export function parseTime(text: string, clock: RequestClock): bigint | undefined {
  return parseTimestamp(text) ?? parseEpoch(text) ?? parseRelative(text, clock);
}

function parseEpoch(text: string): bigint | undefined {
  const match = EPOCH.exec(text);
  if (match === null) return undefined;
  const [, seconds, fraction = "", digits = ""] = match;
  if (seconds !== undefined) return inRange(BigInt(seconds + fraction.padEnd(9, "0")));
  const unit = digits.length <= 14 ? 1_000_000n : digits.length <= 17 ? 1000n : 1n;
  return inRange(BigInt(digits) * unit);
}

function parseRelative(text: string, clock: RequestClock): bigint | undefined {
  const word = text.toLowerCase();
  if (word === "today") return inRange(startOf(clock.now(), DAY));
  if (word === "yesterday") return inRange(startOf(clock.now(), DAY) - DAY);
  const match = RELATIVE.exec(text);
  if (match === null) return undefined;
  const [, sign, distance, start] = match;
  // A number without a unit would be seconds elsewhere; people who write now-15 mean minutes as often.
  if (distance !== undefined && !/[a-zµμ]$/i.test(distance)) return undefined;
  const offset = distance === undefined ? 0n : parseDuration(distance);
  if (offset === undefined) return undefined;
  const time = inRange(clock.now() + (sign === "-" ? -offset : offset));
  return time === undefined || start === undefined ? time : startOf(time, STARTS[start.toLowerCase()]!);
}

function startOf(time: bigint, unit: bigint): bigint {
  const rest = time % unit;
  return time - (rest < 0n ? rest + unit : rest);
}

function inRange(nanoseconds: bigint): bigint | undefined {
  return BigInt.asIntN(64, nanoseconds) === nanoseconds ? nanoseconds : undefined;
}
