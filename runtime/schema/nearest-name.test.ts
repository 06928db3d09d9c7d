import fc from "fast-check";
import { expect, it } from "vitest";
import { describeNearest, nearestName } from "./nearest-name.js";

const PROTOCOLS = ["arp", "dhcp", "dns", "flow", "http", "icmp", "ntp", "quic", "tls"];

// By hand: a slip of the fingers, a swap, another case; then names that have nothing to do with what there is.
it.each([
  ["dsn", "dns"],
  ["DNS", "dns"],
  ["htp", "http"],
  ["flows", "flow"],
  ["limit", undefined],
  ["q", undefined],
  ["", undefined],
  ["kubernetes", undefined],
])("the nearest of %s is %s", (name, nearest) => {
  expect(nearestName(name, PROTOCOLS)).toBe(nearest);
});

it("a long name may have more slips than a short one", () => {
  expect(nearestName("query_nmae_equal", ["query_name_eq", "query_type_eq"])).toBe("query_name_eq");
  expect(nearestName("ab", ["xy"])).toBeUndefined();
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
