import { describe, expect, it } from "vitest";
import { parseHex } from "../../runtime/plugin/index.js";
import { IntegerReader, readExactInteger, readInteger } from "./variable-integer.js";

describe("a variable-length integer", () => {
  // RFC 9000, appendix A.1.
  it.each<[string, number | bigint]>([
    ["c2197c5eff14e88c", 151288809941952652n],
    ["9d7f3e7d", 494878333],
    ["7bbd", 15293],
    ["25", 37],
    ["4025", 37],
    // The edges of what a number holds exactly, and the largest integer there is (section 16).
    ["c01fffffffffffff", Number.MAX_SAFE_INTEGER],
    ["c020000000000000", 2n ** 53n],
    ["c020000000000001", 2n ** 53n + 1n],
    ["ffffffffffffffff", 2n ** 62n - 1n],
  ])("of the bytes %s is read exactly", (hex, value) => {
    const bytes = parseHex(hex)!;
    expect(readExactInteger(bytes, 0)).toBe(value);
    expect(readInteger(bytes, 0)).toBe(Number(value));
    for (let end = 0; end < bytes.length; end++) expect(new IntegerReader(bytes, 0, end).next()).toBe(-1);
  });
});
