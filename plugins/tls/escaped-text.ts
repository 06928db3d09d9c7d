import { type ByteSlot, writeTextByte } from "../../runtime/plugin/index.js";

/** Appends every byte of `bytes[at, end)`, zeros at its end too, as text: `\` before `\`, other than printable ASCII as `\DDD`. */
export function writeEscaped(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  slot.markPresent();
  for (; at < end; at++) writeTextByte(slot, bytes[at]!);
}
