import fc from "fast-check";
import { expect, it } from "vitest";
import { defineColumns } from "../../schema/define-columns.js";
import { formatRowJson } from "../../schema/format-row-json.js";
import { parseRow } from "./row-object.js";

const columns = Object.values(
  defineColumns(
    { firstNumber: 0 },
    {
      count: { number: 1, type: "uint64" },
      offset: { number: 2, type: "int64" },
      ratio: { number: 3, type: "double" },
      name: { number: 4, type: "text" },
      names: { number: 5, type: "text", isList: true },
    },
  ),
);

it("has every digit of whole numbers of 64 bits, and all other values as they are", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((rest) => `\0${rest}`),
    fc.constantFrom("\0", "\0\0", "\u00001", '"\0'),
  );
  const row = fc.tuple(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(1e16, 1e20, 1e300)),
    text,
    fc.array(text),
  );
  fc.assert(
    fc.property(row, ([count, offset, ratio, name, names]) => {
      const read = parseRow(formatRowJson(columns, [count, offset, ratio, name, names]), columns);
      expect(BigInt(read["count"] as number)).toBe(count);
      expect(BigInt(read["offset"] as number)).toBe(offset);
      expect(read).toMatchObject({ ratio: ratio === 0 ? 0 : ratio, name, names });
    }),
  );
});

it("has a number where one can hold the value", () => {
  const read = parseRow('{"count":18446744073709551615,"offset":-9007199254740991}', columns);
  expect(read).toEqual({ count: 2n ** 64n - 1n, offset: -(2 ** 53) + 1 });
});
