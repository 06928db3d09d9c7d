import { parseDuration } from "./duration-text.js";
import type { RequestClock } from "./request-clock.js";
import { storableTime } from "./storable-time.js";
import { parseTimestamp } from "./timestamp-text.js";

const MINUTE = 60_000_000_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
const STARTS: Readonly<Record<string, bigint>> = { m: MINUTE, h: HOUR, d: DAY };
/** A plus sign arrives as a space where a query string does not escape it. */
const RELATIVE = /^now(?:([+\- ])(\d.*?))?(?:\/([dhm]))?$/i;
/** The digits that times from 1973 to 2262-04-11 have, which is where nanoseconds in 64 bits end. */
const EPOCH = /^(\d{9,10})(?:\.(\d{1,9}))?$|^(\d{12,13}|\d{15,16}|\d{18,19})$/;

/**
 * Nanoseconds since the Unix epoch of a time as people write it, in UTC where it names no zone:
 *
 * | form | example |
 * | --- | --- |
 * | RFC 3339; zone, seconds or fraction may be missing, `T` may be a space | `2026-01-31 12:00` |
 * | a date: its first moment | `2026-01-31` |
 * | seconds since the epoch: 9 or 10 digits, with a fraction or without | `1769860800.25` |
 * | milliseconds: 12 or 13 digits; microseconds: 15 or 16; nanoseconds: 18 or 19 | `1769860800000` |
 * | the present, more or less a duration, cut to the minute, hour or day | `now`, `now-1h30m`, `now-7d/d` |
 * | the first moment of the day | `today`, `yesterday` |
 *
 * Undefined for anything else, and for times that are not a {@link storableTime}.
 */
export function parseTime(text: string, clock: RequestClock): bigint | undefined {
  return parseTimestamp(text) ?? parseEpoch(text) ?? parseRelative(text, clock);
}

function parseEpoch(text: string): bigint | undefined {
  const match = EPOCH.exec(text);
  if (match === null) return undefined;
  const [, seconds, fraction = "", digits = ""] = match;
  if (seconds !== undefined) return storableTime(BigInt(seconds + fraction.padEnd(9, "0")));
  const unit = digits.length <= 13 ? 1_000_000n : digits.length <= 16 ? 1000n : 1n;
  return storableTime(BigInt(digits) * unit);
}

function parseRelative(text: string, clock: RequestClock): bigint | undefined {
  const word = text.toLowerCase();
  if (word === "today") return storableTime(startOf(clock.now(), DAY));
  if (word === "yesterday") return storableTime(startOf(clock.now(), DAY) - DAY);
  const match = RELATIVE.exec(text);
  if (match === null) return undefined;
  const [, sign, distance, start] = match;
  // A number without a unit would be seconds elsewhere; people who write now-15 mean minutes as often.
  if (distance !== undefined && !/[a-zµμ]$/i.test(distance)) return undefined;
  const offset = distance === undefined ? 0n : parseDuration(distance);
  if (offset === undefined) return undefined;
  const time = storableTime(clock.now() + (sign === "-" ? -offset : offset));
  return time === undefined || start === undefined ? time : startOf(time, STARTS[start.toLowerCase()]!);
}

function startOf(time: bigint, unit: bigint): bigint {
  const rest = time % unit;
  return time - (rest < 0n ? rest + unit : rest);
}
