import type { ByteSlot } from "../../runtime/wire/byte-slot.js";

const BACKSLASH = 92;

/** Appends `bytes[at, end)` with `\` before `\` and bytes other than printable ASCII as `\DDD`. */
export function writeEscaped(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  slot.markPresent();
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === BACKSLASH) slot.push(BACKSLASH);
    if (byte >= 32 && byte < 127) {
      slot.push(byte);
      continue;
    }
    slot.push(BACKSLASH);
    slot.push(48 + Math.floor(byte / 100));
    slot.push(48 + (Math.floor(byte / 10) % 10));
    slot.push(48 + (byte % 10));
  }
}
