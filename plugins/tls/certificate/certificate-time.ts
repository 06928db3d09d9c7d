import { latin1Text, type Timestamp } from "../../../runtime/plugin/index.js";
import { DerTag } from "./der.js";

/** First second after those that a time can have, in the year 2514. */
const LATEST_SECOND = 2 ** 34;

/**
 * Sets a certificate's time (RFC 5280, section 4.1.2.5), `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` by its tag. It stays unset for another
 * form, a time before 1970, or a time that the wire form cannot carry, such as the year 9999, which stands for "no expiration".
 */
export function setCertificateTime(time: Timestamp, tag: number, bytes: Uint8Array, at: number, end: number): void {
  const yearDigits = tag === DerTag.UtcTime ? 2 : tag === DerTag.GeneralizedTime ? 4 : 0;
  if (yearDigits === 0 || end - at < yearDigits + 11) return;
  const text = latin1Text(bytes, at, end);
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/.exec(text);
  if (match === null || match[1]!.length !== yearDigits) return;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return;
  const fullYear = yearDigits === 4 ? year : year < 50 ? 2000 + year : 1900 + year;
  if (fullYear < 1970) return;
  const seconds = Date.UTC(fullYear, month - 1, day, hour, minute, second) / 1000;
  if (seconds > 0 && seconds < LATEST_SECOND) time.set(seconds, 0);
}
