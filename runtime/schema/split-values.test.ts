import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitValues } from "./split-values.js";

describe("values of a list", () => {
  it.each([
    ["a,b", ["a", "b"]],
    ["", [""]],
    ["a,", ["a", ""]],
    ['"comma,name.example",mixed.example', ["comma,name.example", "mixed.example"]],
    ['"a", "b,c" ,d', ["a", "b,c", "d"]],
    ['"say ""hi"""', ['say "hi"']],
    ['5" disk', ['5" disk']],
    ["a\\,b,c", ["a,b", "c"]],
    ["C:\\temp", ["C:\\temp"]],
  ])("%s", (text, expected) => {
    expect(splitValues(text, "p_in")).toEqual(expected);
  });

  it.each(['"a,b', '"a"b,c', 'a,"', ' "a'])("refuses %s", (text) => {
    expect(() => splitValues(text, "p_in")).toThrow(/^p_in: .* write "a,b" for one value with a comma/);
  });

  it("are what a CSV writer wrote", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", ",", '"', " ", "\n") }), { minLength: 1 }),
        (values) => {
          const line = stringify([values], { record_delimiter: "\n", quoted: true }).slice(0, -1);
          expect(splitValues(line, "p_in")).toEqual(values);
        },
      ),
    );
  });
});
