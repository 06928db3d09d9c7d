import { type ByteSlot, uint16, writeTextByte } from "../../runtime/plugin/index.js";
import { writeIpv4, writeIpv6 } from "./address-text.js";
import { writeAscii, writeBase64, writeQuoted } from "./encoded-text.js";

/** IANA registry "Service Parameter Keys (SvcParamKeys)", by number. */
const KEY_NAMES = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"];
const MANDATORY = 0;
const ALPN = 1;
const NO_DEFAULT_ALPN = 2;
const PORT = 3;
const IPV4HINT = 4;
const ECH = 5;
const IPV6HINT = 6;
const OHTTP = 8;

const SPACE = 32;
const COMMA = 44;
const EQUALS = 61;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Appends the parameters `bytes[at, end)` of an SVCB or HTTPS record, each after a space, in presentation form (RFC 9460,
 * section 2.1 and appendix A). False if they break the format.
 */
export function writeServiceParameters(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  for (let previousKey = -1; at < end; ) {
    if (at + 4 > end) return false;
    const key = uint16(bytes, at);
    const valueStart = at + 4;
    at = valueStart + uint16(bytes, at + 2);
    // Keys are in strictly increasing order (section 2.2).
    if (at > end || key <= previousKey) return false;
    previousKey = key;
    slot.push(SPACE);
    writeKey(slot, key);
    if (!writeValue(slot, key, bytes, valueStart, at)) return false;
  }
  return true;
}

function writeKey(slot: ByteSlot, key: number): void {
  if (key < KEY_NAMES.length) writeAscii(slot, KEY_NAMES[key]!);
  else {
    writeAscii(slot, "key");
    slot.appendNumber(key);
  }
}

function writeValue(slot: ByteSlot, key: number, bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (key === NO_DEFAULT_ALPN || key === OHTTP) return length === 0;
  if (length === 0 && key > IPV6HINT) return true;
  slot.push(EQUALS);
  switch (key) {
    case MANDATORY:
      if (length === 0 || length % 2 !== 0) return false;
      for (let item = at; item < end; item += 2) {
        if (item > at) slot.push(COMMA);
        writeKey(slot, uint16(bytes, item));
      }
      return true;
    case ALPN:
      return writeAlpn(slot, bytes, at, end);
    case PORT:
      if (length !== 2) return false;
      slot.appendNumber(uint16(bytes, at));
      return true;
    case IPV4HINT:
    case IPV6HINT: {
      const size = key === IPV4HINT ? 4 : 16;
      if (length === 0 || length % size !== 0) return false;
      for (let item = at; item < end; item += size) {
        if (item > at) slot.push(COMMA);
        if (key === IPV4HINT) writeIpv4(slot, bytes, item);
        else writeIpv6(slot, bytes, item);
      }
      return true;
    }
    case ECH:
      if (length === 0) return false;
      writeBase64(slot, bytes, at, end);
      return true;
    default:
      writeQuoted(slot, bytes, at, end);
      return true;
  }
}

/** A quoted comma-separated list. A comma inside a protocol's name is escaped in the list and its escape again in the quotes. */
function writeAlpn(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  if (at === end) return false;
  slot.push(QUOTE);
  for (let isFirst = true; at < end; isFirst = false) {
    const itemEnd = at + 1 + bytes[at]!;
    if (itemEnd > end || itemEnd === at + 1) return false;
    if (!isFirst) slot.push(COMMA);
    for (at++; at < itemEnd; at++) {
      const byte = bytes[at]!;
      if (byte === COMMA || byte === BACKSLASH) writeTextByte(slot, BACKSLASH);
      if (byte === QUOTE) slot.push(BACKSLASH);
      writeTextByte(slot, byte);
    }
  }
  slot.push(QUOTE);
  return true;
}
