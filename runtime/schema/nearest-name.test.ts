import fc from "fast-check";
import { expect, it } from "vitest";
import { describeNearest, nearestName } from "./nearest-name.js";

const PROTOCOLS = ["arp", "dhcp", "dns", "flow", "http", "icmp", "ntp", "quic", "tls"];

// By hand: a slip of the fingers, a swap, another case; then names that have nothing to do with what there is, tftp and nope among them,
// which are two edits from http and ntp.
it.each([
  ["dsn", "dns"],
  ["DNS", "dns"],
  ["htp", "http"],
  ["hhtp", "http"],
  ["flwo", "flow"],
  ["flows", "flow"],
  ["limit", undefined],
  ["nope", undefined],
  ["tftp", undefined],
  ["smtp", undefined],
  ["ns", undefined],
  ["q", undefined],
  ["", undefined],
  ["kubernetes", undefined],
])("the nearest of %s is %s", (name, nearest) => {
  expect(nearestName(name, PROTOCOLS)).toBe(nearest);
});

it("a long name may have more slips than a short one", () => {
  expect(nearestName("query_nmae_equal", ["query_name_eq", "query_type_eq"])).toBe("query_name_eq");
  expect(nearestName("ab", ["xy"])).toBeUndefined();
  expect(nearestName("query_nam", ["query_type", "query_name"])).toBe("query_name");
  expect(nearestName("qury_name_eq", ["query_type_eq", "query_name_eq"])).toBe("query_name_eq");
});

it("two characters that have changed places are one slip, and nearer than two others", () => {
  expect(nearestName("tiem", ["tier", "item", "time"])).toBe("tier");
  expect(nearestName("tiem", ["xxem", "time"])).toBe("time");
  expect(nearestName("abcdef", ["abcdxy", "abcdfe"])).toBe("abcdfe");
});

it("a message names the nearest, or what there is, a dozen at most", () => {
  expect(describeNearest("dsn", PROTOCOLS)).toBe('the nearest is "dns"');
  expect(describeNearest("mqtt", ["arp", "dns"])).toBe("there are arp, dns");
  const many = Array.from({ length: 40 }, (_, i) => `column_${i}`);
  expect(describeNearest("q", many)).toBe(`there are ${many.slice(0, 12).join(", ")} and 28 more`);
});

it("a name that is there is its own nearest, and a guess is never another name's whole length away", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string({ maxLength: 300 }), (names, name) => {
      const [known] = names;
      if (known !== "" && known!.length <= 200)
        expect(nearestName(known!, names)?.toLowerCase()).toBe(known!.toLowerCase());
      const nearest = nearestName(name, names);
      if (nearest !== undefined) expect(nearest.length).toBeLessThan(name.length * 2);
    }),
  );
});

/** Levenshtein's distance by its textbook recurrence. */
function textbookDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, replaced);
    }
  return rows[a.length]![b.length]!;
}

/** The least edits with at most one swap: every swap is tried. */
function editsWithSwap(a: string, b: string): number {
  const swapped = Array.from({ length: a.length - 1 }, (_, i) => a.slice(0, i) + a[i + 1] + a[i] + a.slice(i + 2));
  return Math.min(textbookDistance(a, b), ...swapped.map((one) => 1 + textbookDistance(one, b)));
}

it("a guess takes at most one edit for three characters, and a name within one edit is always found", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 5 }), (name, names) => {
      const nearest = nearestName(name, names);
      const edits = (other: string) => editsWithSwap(name, other);
      if (nearest !== undefined) expect(edits(nearest)).toBeLessThanOrEqual(Math.floor(name.length / 3));
      if (name.length >= 3 && names.some((other) => edits(other) <= 1)) expect(nearest).toBeDefined();
    }),
    { numRuns: 2000 },
  );
});
