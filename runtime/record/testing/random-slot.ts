import type { ByteSlot } from "../byte-slot.js";
import type { Random } from "./random.js";

const LETTERS = new TextEncoder().encode("abcdefghijklmnopqrstuvwxyz0123456789-.");

/** Appends up to `maxBytes` characters as they occur in names; now and then one that is not ASCII. */
export function randomText(random: Random, slot: ByteSlot, maxBytes: number): void {
  slot.markPresent();
  for (let left = random.below(maxBytes + 1); left > 0; left--) slot.push(LETTERS[random.below(LETTERS.length)]!);
  if (random.oneIn(50) && slot.length + 2 <= Math.min(maxBytes, slot.maxBytes)) slot.appendText("é");
}

/** Appends `length` bytes of any value. */
export function randomBytes(random: Random, slot: ByteSlot, length: number): void {
  slot.markPresent();
  for (let i = 0; i < length; i++) slot.push(random.below(256));
}
