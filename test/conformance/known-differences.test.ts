import { describe, expect, it } from "vitest";
import { comparedColumns } from "./comparison-plan.js";
import { comparisonPlans } from "./comparison-plans.js";
import { type Difference, NOTHING } from "./difference.js";
import { knownDifferences } from "./known-differences.js";
import { pluginDifferences } from "./plugin-differences.js";
import { readRecordedUses } from "./reason-uses.js";

const FLOW_FIELDS = [
  ...["conversation", "source = first sender", "conn_state = Zeek's rules", "duplicates = frames"],
  ...["src_packets = frames", "dst_packets = frames", "src_bytes = frame.len", "dst_bytes = frame.len"],
];

/** A difference of which only both values are known. */
function bareDifference(resource: string, field: string, ours: string, tshark: string): Difference {
  const readings = {
    capture: "some.pcap",
    tshark: { frames: [], packets: [], problem: undefined },
    ours: { rows: new Map(), refused: () => false },
    otherLayers: { compared: 0, byFrame: new Map(), conversations: new Set<string>() },
    innermost: [],
    copies: new Set<number>(),
  };
  return { capture: "some.pcap", resource, frame: 1, field, ours, tshark, evidence: { readings } };
}

describe("reasons of known differences", () => {
  it("have identifiers of their own, which begin with what they are about", () => {
    const ids = knownDifferences.map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(ids.filter((id) => !/^(layers|[a-z]\w*)\/[a-z0-9-]+$/.test(id))).toEqual([]);
    const resources = new Set([...Object.keys(comparisonPlans), "layers"]);
    expect(ids.filter((id) => !resources.has(id.split("/")[0]!))).toEqual([]);
  });

  it("of a plugin's folder are about that plugin", () => {
    const others = [...pluginDifferences].flatMap(([resource, file]) =>
      file.knownDifferences.filter(({ id }) => !id.startsWith(`${resource}/`)).map(({ id }) => `${resource}: ${id}`),
    );
    expect(others).toEqual([]);
  });

  it("are about fields that are compared", () => {
    const unknown = knownDifferences.flatMap(({ id, fields }) => {
      const plan = comparisonPlans[id.split("/")[0]!];
      const columns = plan === undefined ? [] : comparedColumns(plan);
      const compared = columns.flatMap(({ name, wireshark }) => wireshark.map((field) => `${name} = ${field}`));
      const all = new Set([...compared, "row", "packet", ...FLOW_FIELDS]);
      return fields.filter((field) => !all.has(field)).map((field) => `${id}: ${field}`);
    });
    expect(unknown).toEqual([]);
  });

  // Values that any field may have, so that a reason which asks for no fact of the frame is found.
  it.each(knownDifferences.filter(({ captures }) => captures === undefined).map((entry) => [entry.id, entry] as const))(
    "%s explains nothing without facts",
    (id, { fields, explains }) => {
      const resource = id.split("/")[0]!;
      const values = ["1", "7", "a", NOTHING, "true", "in 0 rows", "in 1 rows", "in 2 rows", "0 message", "1 message"];
      const explained = fields.flatMap((field) =>
        values.flatMap((ours) =>
          values
            .filter((tshark) => tshark !== ours && explains(bareDifference(resource, field, ours, tshark)))
            .map((tshark) => `${field}: ${ours}, ${tshark}`),
        ),
      );
      expect(explained).toEqual([]);
    },
  );

  it("are recorded, each with its uses in some group of captures", () => {
    const recorded = Object.values(readRecordedUses()).flatMap(({ uses }) => Object.keys(uses));
    const used = new Set(recorded);
    // A repeat may come in any protocol; the reasons of layers have a test of their own (layers-tshark.test.ts).
    const unused = knownDifferences.filter(({ id }) => !used.has(id) && !/^layers\/|\/again$/.test(id));
    expect(unused.map(({ id }) => id)).toEqual([]);
    const known = new Set(knownDifferences.map(({ id }) => id));
    expect(recorded.filter((id) => !known.has(id))).toEqual([]);
  });
});
