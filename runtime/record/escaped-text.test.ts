import { expect, it } from "vitest";
import { ByteSlot } from "./byte-slot.js";
import { writeText } from "./escaped-text.js";

const textOf = (...bytes: readonly number[]) => {
  const slot = new ByteSlot(64);
  writeText(slot, Uint8Array.from(bytes), 0, bytes.length);
  return { text: Buffer.from(slot.bytes.subarray(0, slot.length)).toString("latin1"), isPresent: slot.isPresent };
};

it("leaves printable ASCII unchanged and escapes the rest with three decimal digits", () => {
  expect(textOf(0x61, 0x20, 0x7e, 0x5c, 0x0a, 0xc3, 0xa9).text).toBe("a ~\\\\\\010\\195\\169");
});

it("omits zeros at the end, and no others", () => {
  expect(textOf(0x61, 0, 0x62, 0, 0).text).toBe("a\\000b");
  expect(textOf(0, 0)).toEqual({ text: "", isPresent: true });
});
