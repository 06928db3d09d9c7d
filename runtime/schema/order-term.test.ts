import fc from "fast-check";
import { expect, test } from "vitest";
import { parseOrderTerm } from "./order-term.js";

test.each([
  ["time", { name: "time", isDescending: false }],
  [" Time\tDESC ", { name: "time", isDescending: true }],
  ["src_bytes asc", { name: "src_bytes", isDescending: false }],
  ["desc", { name: "desc", isDescending: false }],
])("%j is a term", (text, expected) => {
  expect(parseOrderTerm(text)).toEqual(expected);
});

test.each(["", " ", "time down", "time desc desc", "-time", "time,id", "timedesc asc x"])(
  "%j is not a term",
  (text) => {
    expect(parseOrderTerm(text)).toBeUndefined();
  },
);

test("takes any text, and finds again what it is made of", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const term = parseOrderTerm(text);
      if (term !== undefined) expect(text.toLowerCase()).toContain(term.name);
    }),
  );
});
