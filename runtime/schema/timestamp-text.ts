import { storableTime } from "./storable-time.js";

const SECOND = 1_000_000_000n;
const FORM =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+\- ]\d{2}:?\d{2})?)?$/;

/** Nanoseconds since the Unix epoch as RFC 3339 in UTC with nine fraction digits. */
export function formatTimestamp(nanoseconds: bigint): string {
  let seconds = nanoseconds / SECOND;
  let fraction = nanoseconds % SECOND;
  if (fraction < 0n) {
    seconds -= 1n;
    fraction += SECOND;
  }
  const text = new Date(Number(seconds) * 1000).toISOString();
  return `${text.slice(0, 19)}.${String(fraction).padStart(9, "0")}Z`;
}

/**
 * Nanoseconds since the Unix epoch of an RFC 3339 time, in UTC where it names no zone, or of a date, which begins at midnight.
 * Seconds may be missing, and a space may stand for the `T`. A space also stands for the plus sign of a zone, as an unescaped one arrives in a query string. Undefined for anything
 * else, and for times that are not a {@link storableTime} (before 1677-09-22 or after 2262-04-11).
 */
export function parseTimestamp(text: string): bigint | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] = match;
  // A leap second is the first moment of the next minute, as Unix time has it.
  const isLeap = second === "60";
  const clock = `${year}-${month}-${day}T${hour}:${minute}:${isLeap ? "59" : second}`;
  const milliseconds = Date.parse(`${clock}Z`);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 19) !== clock) return undefined;
  const offset = zoneSeconds(zone);
  if (offset === undefined) return undefined;
  const seconds = BigInt(milliseconds / 1000 - offset + (isLeap ? 1 : 0));
  return storableTime(seconds * SECOND + BigInt(fraction.padEnd(9, "0")));
}

function zoneSeconds(zone: string): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
}
