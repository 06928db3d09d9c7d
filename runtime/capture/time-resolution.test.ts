import fc from "fast-check";
import { expect, test } from "vitest";
import { PacketBlock } from "../packet/packet-block.js";
import { TimeResolution } from "./time-resolution.js";

const MAX_TIME = 2n ** 64n - 1n;

/** Arbitrary seconds, and seconds near the limits of times. */
const offsets = fc.oneof(
  fc.bigInt(-(2n ** 34n), 2n ** 34n),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.constantFrom(0n, -1n, 1n, -(2n ** 63n), 2n ** 63n - 1n),
);

test("any time in any resolution equals the result with bigints, or the nearest valid time", () => {
  const block = new PacketBlock();
  fc.assert(
    fc.property(
      fc.nat(255),
      offsets,
      fc.oneof(fc.bigInt(0n, MAX_TIME), fc.bigInt(0n, 2n ** 36n), fc.constantFrom(0n, MAX_TIME)),
      (resolution, offset, units) => {
        new TimeResolution(resolution, offset).store(block, 0, Number(units >> 32n), Number(units & 0xffffffffn));
        const exponent = BigInt(resolution & 0x7f);
        const perSecond = resolution & 0x80 ? 2n ** exponent : 10n ** exponent;
        const exact = (units * 1_000_000_000n) / perSecond + offset * 1_000_000_000n;
        const expected = exact < 0n ? 0n : exact > MAX_TIME ? MAX_TIME : exact;
        expect((BigInt(block.timesHigh[0]!) << 32n) | BigInt(block.timesLow[0]!)).toBe(expected);
      },
    ),
    { numRuns: 5000 },
  );
});
