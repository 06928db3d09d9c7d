import { describe, expect, it } from "vitest";
import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../plugin/testing/decode-rows.js";
import { DecoderBench } from "../../plugin/testing/decoder-bench.js";
import { Verdict } from "../../plugin/verdict.js";

/** Sets a member as a decoder without type checks does. */
function assign(target: object, name: string): void {
  (target as Record<string, unknown>)[name] = 1;
}

describe.each(registry.plugins.map(({ table, codec }) => [table.resource, codec.createRecord()] as const))(
  "the record of %s",
  (_, record) => {
    it("has the fields of its proto and no others", () => {
      expect(() => assign(record, "error_code")).toThrow(TypeError);
      expect(() => assign(record.observation, "frame_number")).toThrow(TypeError);
    });

    it("has slots, lists and times that do not accept other properties", () => {
      const members = Object.values(record).filter((value) => typeof value === "object" && value !== null);
      expect(members.length).toBeGreaterThan(1);
      for (const member of members) expect(() => assign(member, "value")).toThrow(TypeError);
    });
  },
);

it("a decoder that sets a misspelled field fails its plugin's test", () => {
  const bench = new DecoderBench({
    ...findPlugin(registry.plugins, "dns"),
    decodeDatagram: (_, out) => {
      assign(out.record, "response_code");
      out.emit();
      return Verdict.Accepted;
    },
  });
  expect(() => bench.udp(new Uint8Array(1), { srcPort: 40000, dstPort: 53 })).toThrow(/response_code/);
});
