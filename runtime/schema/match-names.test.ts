import { describe, expect, it } from "vitest";
import { createNameTest } from "./match-names.js";
import type { PositiveOperator } from "./operators.js";

describe("a domain name", () => {
  it.each<[PositiveOperator, string, string, boolean]>([
    // RFC 4343, section 3.1: these are the same name.
    ["eq", "foo.example.net.", "FOO.eXamPLE.NeT.", true],
    ["eq", "mixed.example", "MiXeD.example.", true],
    ["eq", "mixed.example.", "MiXeD.example", true],
    ["eq", ".", ".", true],
    ["eq", "example", "example.example", false],
    // Section 2.1: `\.` is a dot inside a label, which is not the final one.
    ["eq", "a\\.", "A\\.", true],
    ["eq", "a\\", "a\\.", false],
    // ASCII letters only: U+212A is KELVIN SIGN.
    ["eq", "k.example", "\u212a.example", false],
    ["eq", "é.local", "É.local", false],
    ["has", "WWW.example", "www.EXAMPLE.", true],
    ["prefix", "WWW.", "www.example", true],
    ["prefix", "www.example.", "WWW.example", true],
    ["prefix", "www.exam.", "www.example", false],
    ["contains", "EXAMPLE.", "www.example", true],
    ["contains", "ww.", "www.example", true],
    ["like", "%.EXAMPLE.", "www.example", true],
    ["like", "www.example", "WWW.example.", true],
    ["like", "%.", "www.example", true],
    ["lt", "B.example", "a.example", true],
    ["lte", "a.EXAMPLE", "A.example.", true],
  ])("%s %s: %s is %s", (operator, wanted, stored, expected) => {
    expect(createNameTest("name", operator, [wanted])(stored)).toBe(expected);
  });
});

describe("a host of HTTP", () => {
  it.each<[PositiveOperator, string, string, boolean]>([
    ["eq", "example.com", "Example.COM:8080", true],
    ["eq", "example.com.", "example.com", true],
    ["eq", "example.com:8080", "EXAMPLE.com.:8080", true],
    ["eq", "example.com:80", "example.com", false],
    ["eq", "example.com:", "example.com:81", true],
    ["eq", "[2001:DB8::1]", "[2001:db8::1]:8080", true],
    ["eq", "2001:db8::1", "2001:db8::", false],
    ["eq", "com", "example.com", false],
  ])("%s %s: %s is %s", (operator, wanted, stored, expected) => {
    expect(createNameTest("host", operator, [wanted])(stored)).toBe(expected);
  });
});
