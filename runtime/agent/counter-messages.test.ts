import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ReportSchema } from "../../generated/wireloom/v1/ingest_pb.js";
import { counterMessages } from "./counter-messages.js";

it("any number becomes a counter that can be sent, and a count stays what it is", () => {
  fc.assert(
    fc.property(fc.double(), fc.maxSafeNat(), (any, count) => {
      const counters = counterMessages([
        ["any", any],
        ["count", count],
      ]);
      expect(counters[1]!.value).toBe(BigInt(count));
      toBinary(ReportSchema, create(ReportSchema, { counters }));
    }),
  );
  expect(counterMessages([["x", 2 ** 64]])[0]!.value).toBe(BigInt(Number.MAX_SAFE_INTEGER));
});
