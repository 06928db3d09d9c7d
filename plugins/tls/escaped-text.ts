import { type ByteSlot, writeTextByte } from "../../runtime/plugin/index.js";

/** Appends every byte of `bytes[at, end)`, also zeros at its end, as text: `\\` for `\`, and `\DDD` for bytes other than printable ASCII. */
export function writeEscaped(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  slot.markPresent();
  for (; at < end; at++) writeTextByte(slot, bytes[at]!);
}
