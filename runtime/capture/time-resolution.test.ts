import fc from "fast-check";
import { expect, test } from "vitest";
import { PacketBatch } from "./packet-source.js";
import { TimeResolution } from "./time-resolution.js";

test("any time in any resolution is what big integers say", () => {
  const batch = new PacketBatch();
  fc.assert(
    fc.property(
      fc.nat(255),
      fc.bigInt(-(2n ** 34n), 2n ** 34n),
      fc.bigInt(0n, 2n ** 64n - 1n),
      (resolution, offset, units) => {
        new TimeResolution(resolution, offset).store(batch, 0, Number(units >> 32n), Number(units & 0xffffffffn));
        const exponent = BigInt(resolution & 0x7f);
        const perSecond = resolution & 0x80 ? 2n ** exponent : 10n ** exponent;
        const expected = BigInt.asUintN(64, (units * 1_000_000_000n) / perSecond + offset * 1_000_000_000n);
        expect((BigInt(batch.timesHigh[0]!) << 32n) | BigInt(batch.timesLow[0]!)).toBe(expected);
      },
    ),
    { numRuns: 2000 },
  );
});
