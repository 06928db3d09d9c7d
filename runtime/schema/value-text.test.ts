import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatHex, parseHex } from "../bytes/hexadecimal.js";
import { formatDuration, parseDuration } from "./duration-text.js";
import { formatMac, formatUuid, parseMac, parseUuid } from "./hexadecimal.js";
import { formatIp, parseIp, parseNetwork } from "./ip-text.js";
import { formatTimestamp, parseTimestamp } from "./timestamp-text.js";

const int64 = fc.bigInt(-(1n << 63n), (1n << 63n) - 1n);
/** From 1677-09-22T00:00:00Z on. */
const time = fc.bigInt(-9_223_286_400_000_000_000n, (1n << 63n) - 1n);

describe("a timestamp's text", () => {
  it.each([
    [0n, "1970-01-01T00:00:00.000000000Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
    // `date -u -d @1700000000`
    [1_700_000_000_000_000_005n, "2023-11-14T22:13:20.000000005Z"],
  ])("of %s is %s", (nanoseconds, text) => {
    expect(formatTimestamp(nanoseconds)).toBe(text);
  });

  it("is read back", () => {
    fc.assert(
      fc.property(time, (value) => {
        expect(parseTimestamp(formatTimestamp(value))).toBe(value);
      }),
    );
  });

  it.each([
    ["2023-11-14", 1_699_920_000_000_000_000n],
    // RFC 3339, section 5.8
    ["1985-04-12T23:20:50.52Z", 482_196_050_520_000_000n],
    ["1996-12-19T16:39:57-08:00", 851_042_397_000_000_000n],
    ["1990-12-31T23:59:60Z", 662_688_000_000_000_000n],
    ["1937-01-01T12:00:27.87+00:20", -1_041_337_172_130_000_000n],
    ["2023-11-14T22:13:20 01:00", 1_699_996_400_000_000_000n],
  ])("%s is understood", (text, nanoseconds) => {
    expect(parseTimestamp(text)).toBe(nanoseconds);
  });

  it.each(["", "now", "2023-02-30", "2023-11-14T25:00:00Z", "9999-01-01T00:00:00Z", "2023-11-14T22:13:20+25:00"])(
    "%j is refused",
    (text) => {
      expect(parseTimestamp(text)).toBeUndefined();
    },
  );
});

describe("a duration's text", () => {
  it.each([
    [0n, "0s"],
    [12_345_678n, "0.012345678s"],
    [1_500_000_000n, "1.500s"],
    [-20_000n, "-0.000020s"],
  ])("of %s is %s", (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text);
  });

  it("is read back", () => {
    fc.assert(
      fc.property(int64, (value) => {
        expect(parseDuration(formatDuration(value))).toBe(value);
      }),
    );
  });

  it.each([
    ["1.5s", 1_500_000_000n],
    ["20ms", 20_000_000n],
    ["300us", 300_000n],
    ["0.5µs", 500n],
    ["40ns", 40n],
    ["2h", 7_200_000_000_000n],
    ["1h30m", 5_400_000_000_000n],
    ["7d", 604_800_000_000_000n],
    ["0.001", 1_000_000n],
    ["1", 1_000_000_000n],
    ["-2", -2_000_000_000n],
  ])("%s is understood", (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  it.each(["", "-", "1h30", "s", "1s-2s", "0.5ns", "1e3s", "99999999999h"])("%j is refused", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("an address's text", () => {
  // RFC 5952, sections 1 to 5
  it.each([
    ["2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:DB8::AAAA", "2001:db8::aaaa"],
    ["::", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["::ffff:c000:201", "::ffff:192.0.2.1"],
    // An address that no host can have is stored as the same value.
    ["ffff:ffff:ffff:ffff:ffff:ffff:c000:201", "::ffff:192.0.2.1"],
    ["192.0.2.1", "192.0.2.1"],
    ["::fffe:c000:201", "::fffe:c000:201"],
  ])("of %s is %s", (text, canonical) => {
    expect(formatIp(parseIp(text)!)).toBe(canonical);
  });

  it("is read back", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 128n) - 1n), (value) => {
        expect(parseIp(formatIp(value))).toBe(value);
      }),
    );
  });

  it.each(["", "1.2.3", "1.2.3.256", "010.0.0.1", "fe80::1%eth0", ":::", "1", "g::"])("%j is refused", (text) => {
    expect(parseIp(text)).toBeUndefined();
  });

  it("keeps IPv4 out of IPv6 networks", () => {
    const ranges = (text: string) => parseNetwork(text)?.ranges;
    expect(ranges("10.0.0.0/8")).toEqual([0xffff_0a000000n, 0xffff_0affffffn]);
    const last = (1n << 128n) - 1n;
    const mapped = last - 0xffffffffn;
    expect(ranges("::/80")).toEqual([0n, 0xfffe_ffffffffn, mapped, last]);
    expect(ranges("::/96")).toEqual([0n, 0xffffffffn]);
    expect(ranges("::/0")).toEqual([0n, 0xfffe_ffffffffn, 0x1_0000_00000000n, mapped - 1n, mapped, last]);
    expect(ranges("::ffff:0:0/96")).toEqual([mapped, last]);
    expect(ranges("::ffff:10.0.0.0/104")).toEqual([mapped + 0x0a000000n, mapped + 0x0affffffn]);
    expect(ranges("::fffe:0:0/95")).toEqual([0xfffe_00000000n, 0xfffe_ffffffffn, mapped, last]);
    expect(ranges("ff00::/8")).toEqual([0xffn << 120n, mapped - 1n]);
    expect(parseNetwork("10.0.0.0/33")).toBeUndefined();
    expect(parseNetwork("10.0.0.0/")).toBeUndefined();
  });

  it.each([
    ["10.0.0.1/8", "10.0.0.0/8", false],
    ["10.0.0.0/8", "10.0.0.0/8", true],
    ["10.0.0.1", "10.0.0.1/32", true],
    ["0.0.0.0/0", "0.0.0.0/0", true],
    ["2001:db8::1/32", "2001:db8::/32", false],
    ["2001:db8::1", "2001:db8::1/128", true],
    ["::ffff:10.0.0.1/104", "::ffff:10.0.0.0/104", false],
    ["::ffff:10.0.0.0/104", "::ffff:10.0.0.0/104", true],
    ["::ffff:10.0.0.0/0", "::/0", false],
    ["::ffff:10.0.0.1", "::ffff:10.0.0.1/128", true],
    ["::/0", "::/0", true],
  ])("%s is the network %s", (text, network, isExact) => {
    expect(parseNetwork(text)).toMatchObject({ text: network, isExact });
  });
});

describe("hexadecimal texts", () => {
  it("are read back", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseHex(formatHex(bytes))).toEqual(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 48n) - 1n), (mac) => {
        expect(parseMac(formatMac(mac))).toBe(mac);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 128n) - 1n), (uuid) => {
        expect(parseUuid(formatUuid(uuid))).toBe(formatUuid(uuid));
      }),
    );
  });

  it("take both forms of a MAC address", () => {
    expect(parseMac("02-00-5E-10-00-01")).toBe(0x02005e100001n);
    expect(formatMac(0x02005e100001n)).toBe("02:00:5e:10:00:01");
    expect(parseMac("02:00:5e:10:00")).toBeUndefined();
  });
});
