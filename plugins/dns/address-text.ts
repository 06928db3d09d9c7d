import { type ByteSlot, uint16 } from "../../runtime/plugin/index.js";

const DOT = 46;
const COLON = 58;

/** Appends the IPv4 address at `at` in dotted form. */
export function writeIpv4(slot: ByteSlot, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 4; i++) {
    if (i > 0) slot.push(DOT);
    const byte = bytes[at + i]!;
    if (byte >= 100) slot.push(48 + Math.floor(byte / 100));
    if (byte >= 10) slot.push(48 + (Math.floor(byte / 10) % 10));
    slot.push(48 + (byte % 10));
  }
}

/** Appends the IPv6 address at `at` as RFC 5952 writes it, an IPv4-mapped one with its last 32 bits dotted (section 5). */
export function writeIpv6(slot: ByteSlot, bytes: Uint8Array, at: number): void {
  let gapStart = 8;
  let gapEnd = 8;
  for (let first = 0; first < 8; ) {
    let last = first;
    while (last < 8 && uint16(bytes, at + last * 2) === 0) last++;
    // One zero group alone is written out; of equal runs the first is shortened (section 4.2).
    if (last - first > Math.max(1, gapEnd - gapStart)) {
      gapStart = first;
      gapEnd = last;
    }
    first = last + 1;
  }
  const isMapped = gapStart === 0 && gapEnd === 5 && uint16(bytes, at + 10) === 0xffff;
  const groups = isMapped ? 6 : 8;
  for (let i = 0; i < groups; i++) {
    if (i === gapStart) {
      slot.push(COLON);
      slot.push(COLON);
      i = gapEnd - 1;
      continue;
    }
    if (i > 0 && i !== gapEnd) slot.push(COLON);
    writeGroup(slot, uint16(bytes, at + i * 2));
  }
  if (!isMapped) return;
  slot.push(COLON);
  writeIpv4(slot, bytes, at + 12);
}

function writeGroup(slot: ByteSlot, group: number): void {
  for (let shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
    const digit = (group >> shift) & 15;
    slot.push(digit < 10 ? 48 + digit : 87 + digit);
  }
}
