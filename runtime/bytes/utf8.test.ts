import { isUtf8 as nodeIsUtf8 } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUtf8, replaceMalformed, utf8SequenceBytes } from "./utf8.js";

const replaced = (bytes: Uint8Array) => {
  const copy = Uint8Array.from(bytes);
  replaceMalformed(copy, 0, copy.length);
  return copy;
};

it("leaves UTF-8 unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const bytes = Buffer.from(text);
      expect(Buffer.from(replaced(bytes))).toEqual(bytes);
    }),
  );
});

it("converts any bytes to UTF-8, and does not change ASCII", () => {
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0x80, 0xa0, 0x9f, 0x8f, 0x90),
  );
  fc.assert(
    fc.property(
      fc.array(byte).map((list) => Uint8Array.from(list)),
      (bytes) => {
        const result = replaced(bytes);
        expect(nodeIsUtf8(result)).toBe(true);
        expect(isUtf8(bytes, 0, bytes.length)).toBe(nodeIsUtf8(bytes));
        for (const [i, value] of bytes.entries()) if (value < 128) expect(result[i]).toBe(value);
      },
    ),
    { numRuns: 2000 },
  );
});

it("finds invalid characters", () => {
  // Latin-1, an overlong slash, a surrogate, U+110000, a character that is truncated.
  for (const hex of ["e9", "c0af", "eda080", "f4908080", "e282"]) {
    const bytes = Buffer.from(hex, "hex");
    expect(Buffer.from(replaced(bytes)).toString()).toBe("?".repeat(bytes.length));
  }
});

describe("a sequence beyond ASCII", () => {
  it("is as long as the character is in UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 1 }), (text) => {
        const bytes = Buffer.from(text);
        const point = text.codePointAt(0)!;
        expect(utf8SequenceBytes(bytes, 0, bytes.length)).toBe(point < 0xa0 ? 0 : bytes.length);
      }),
    );
  });

  it("is 0 for bytes that are not UTF-8, as in a strict decoder", () => {
    const strict = new TextDecoder("utf-8", { fatal: true });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 4 }), (bytes) => {
        const length = utf8SequenceBytes(bytes, 0, bytes.length);
        if (length > 0) expect([...strict.decode(bytes.subarray(0, length))]).toHaveLength(1);
      }),
      { numRuns: 5000 },
    );
  });

  it("is 0 for a control character, and for a truncated one", () => {
    for (const hex of ["c280", "c29f", "c3", "e282", "f09f98", "c080", "eda080", "f4908080"]) {
      const bytes = Buffer.from(hex, "hex");
      expect(utf8SequenceBytes(bytes, 0, bytes.length)).toBe(0);
    }
  });
});
