import fc from "fast-check";
import { expect, it } from "vitest";
import { fitList, fitText, printableText, textWidth } from "./terminal-text.js";

// By Unicode Standard Annex #11: Latin and Cyrillic are narrow, Han, kana, Hangul and emoji wide; a combining accent takes no column.
it.each([
  ["dns.example", 11],
  ["почта", 5],
  ["例え", 4],
  ["한국", 4],
  ["e\u0301te\u0301", 3],
  ["👍🏽", 2],
  ["", 0],
])("%s takes %i columns", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

it.each([
  ["example", 5, "exam…"],
  ["example", 7, "example"],
  ["abc", 5, "abc  "],
  ["例えば", 5, "例え…"],
  ["例えば", 4, "例… "],
  ["例えば", 6, "例えば"],
  ["abc…def", 5, "abc……"],
])("%s in %i columns is %j", (text, width, fitted) => {
  expect(fitText(text, width)).toBe(fitted);
});

it("characters that control a terminal or reverse text are replaced", () => {
  expect(printableText("a\u001b[31mb\u009bc\u202ed\u2028\ne")).toBe("a�[31mb�c�d��e");
  expect(printableText("plain, naïve, 例え")).toBe("plain, naïve, 例え");
});

it("any text fits any width exactly", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      expect(textWidth(fitText(printableText(text), width))).toBe(width);
    }),
  );
});

it.each([
  ["10.0.0.1 10.0.0.2", 20, "10.0.0.1 10.0.0.2   "],
  ["10.0.0.1 10.0.0.2", 17, "10.0.0.1 10.0.0.2"],
  ["10.0.0.1 10.0.0.2", 16, "10.0.0.1 …      "],
  ["10.0.0.1 10.0.0.2", 10, "10.0.0.1 …"],
  ["10.0.0.1 10.0.0.2", 9, "…        "],
  ["1 20 300", 6, "1 20 …"],
])("the list %s in %i columns has whole items only", (text, width, fitted) => {
  expect(fitList(text, width)).toBe(fitted);
});
