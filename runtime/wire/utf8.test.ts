import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, it } from "vitest";
import { replaceMalformed } from "./utf8.js";

const replaced = (bytes: Uint8Array) => {
  const copy = Uint8Array.from(bytes);
  replaceMalformed(copy, 0, copy.length);
  return copy;
};

it("leaves UTF-8 as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const bytes = Buffer.from(text);
      expect(Buffer.from(replaced(bytes))).toEqual(bytes);
    }),
  );
});

it("makes UTF-8 of any bytes, and changes none of ASCII", () => {
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0x80, 0xa0, 0x9f, 0x8f, 0x90),
  );
  fc.assert(
    fc.property(
      fc.array(byte).map((list) => Uint8Array.from(list)),
      (bytes) => {
        const result = replaced(bytes);
        expect(isUtf8(result)).toBe(true);
        for (const [i, value] of bytes.entries()) if (value < 128) expect(result[i]).toBe(value);
      },
    ),
    { numRuns: 2000 },
  );
});

it("finds what is not a character", () => {
  // Latin-1, an overlong slash, a surrogate, U+110000, a character that is cut.
  for (const hex of ["e9", "c0af", "eda080", "f4908080", "e282"]) {
    const bytes = Buffer.from(hex, "hex");
    expect(Buffer.from(replaced(bytes)).toString()).toBe("?".repeat(bytes.length));
  }
});
