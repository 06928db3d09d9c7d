import { RecordType } from "../../generated/dns/dns_enums.js";
import { type ByteSlot, uint16, uint32, writeName } from "../../runtime/plugin/index.js";
import { writeAscii, writeBase32Hex, writeBase64, writeHex } from "./encoded-text.js";

const SPACE = 32;
const DASH = 45;
const SECONDS_PER_DAY = 86400;

/** Mnemonics of record types, such as `NSAP-PTR`. */
const mnemonics = new Map<number, string>(
  Object.entries(RecordType).map(([name, number]) => [number, name.replace("_", "-")]),
);
mnemonics.delete(RecordType.UNSPECIFIED);

/** RRSIG data (RFC 4034, section 3.2). False if it breaks the format. */
export function writeSignature(
  slot: ByteSlot,
  bytes: Uint8Array,
  at: number,
  end: number,
  messageStart: number,
): boolean {
  if (end - at < 19) return false;
  writeType(slot, uint16(bytes, at));
  for (let i = 2; i < 4; i++) {
    slot.push(SPACE);
    slot.appendNumber(bytes[at + i]!);
  }
  slot.push(SPACE);
  slot.appendNumber(uint32(bytes, at + 4));
  slot.push(SPACE);
  writeTime(slot, uint32(bytes, at + 8));
  slot.push(SPACE);
  writeTime(slot, uint32(bytes, at + 12));
  slot.push(SPACE);
  slot.appendNumber(uint16(bytes, at + 16));
  slot.push(SPACE);
  const signature = writeName(slot, bytes, at + 18, messageStart, end);
  if (signature === -1) return false;
  slot.push(SPACE);
  writeBase64(slot, bytes, signature, end);
  return true;
}

/** NSEC data (RFC 4034, section 4.2). False if it breaks the format. */
export function writeDenial(slot: ByteSlot, bytes: Uint8Array, at: number, end: number, messageStart: number): boolean {
  const types = writeName(slot, bytes, at, messageStart, end);
  return types !== -1 && writeTypes(slot, bytes, types, end);
}

/** NSEC3 data (RFC 5155, section 3.3). False if it breaks the format. */
export function writeDenialHash(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  const hash = writeDenialHashParameters(slot, bytes, at, end);
  if (hash === -1 || hash === end) return false;
  const types = hash + 1 + bytes[hash]!;
  if (types > end) return false;
  slot.push(SPACE);
  writeBase32Hex(slot, bytes, hash + 1, types);
  return writeTypes(slot, bytes, types, end);
}

/** Algorithm, flags, iterations and salt, as NSEC3 and NSEC3PARAM have them; returns the position after them, -1 when they are incomplete. */
export function writeDenialHashParameters(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 5) return -1;
  const salt = at + 5;
  const saltEnd = salt + bytes[at + 4]!;
  if (saltEnd > end) return -1;
  slot.appendNumber(bytes[at]!);
  slot.push(SPACE);
  slot.appendNumber(bytes[at + 1]!);
  slot.push(SPACE);
  slot.appendNumber(uint16(bytes, at + 2));
  slot.push(SPACE);
  if (saltEnd === salt) slot.push(DASH);
  else writeHex(slot, bytes, salt, saltEnd);
  return saltEnd;
}

/** A type bitmap (RFC 4034, section 4.1.2), each type after a space. */
function writeTypes(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (at + 2 > end) return false;
    const window = bytes[at]! << 8;
    const mapStart = at + 2;
    at = mapStart + bytes[at + 1]!;
    if (at > end) return false;
    for (let i = mapStart; i < at; i++) {
      for (let bit = 0; bit < 8; bit++) {
        if ((bytes[i]! & (0x80 >> bit)) === 0) continue;
        slot.push(SPACE);
        writeType(slot, window + (i - mapStart) * 8 + bit);
      }
    }
  }
  return true;
}

/** A type's mnemonic, or `TYPE` and its number (RFC 3597, section 5). */
function writeType(slot: ByteSlot, type: number): void {
  const mnemonic = mnemonics.get(type);
  writeAscii(slot, mnemonic ?? "TYPE");
  if (mnemonic === undefined) slot.appendNumber(type);
}

/** Seconds since 1970 as YYYYMMDDHHmmSS. */
function writeTime(slot: ByteSlot, seconds: number): void {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const rest = seconds % SECONDS_PER_DAY;
  // Days since 1 March of the year 0, which makes the leap day the last of its year; eras of 400 years have 146097 days.
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted % 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  slot.appendNumber(era * 400 + yearOfEra + (month <= 2 ? 1 : 0));
  writeTwoDigits(slot, month);
  writeTwoDigits(slot, dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1);
  writeTwoDigits(slot, Math.floor(rest / 3600));
  writeTwoDigits(slot, Math.floor(rest / 60) % 60);
  writeTwoDigits(slot, rest % 60);
}

function writeTwoDigits(slot: ByteSlot, value: number): void {
  slot.push(48 + Math.floor(value / 10));
  slot.push(48 + (value % 10));
}
