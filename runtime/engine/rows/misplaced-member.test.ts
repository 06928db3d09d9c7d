import { expect, it } from "vitest";
import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../plugin/testing/decode-rows.js";
import { describeMisplacedMember } from "./misplaced-member.js";

const { codec } = findPlugin(registry.plugins, "dns");

it("a member of the wrong type is reported, with the expected type", () => {
  const describe = (change: (record: { [name: string]: unknown; observation: object }) => void) => {
    const record = codec.createRecord();
    change(record as never);
    return describeMisplacedMember(record, codec.createRecord());
  };
  expect(describe(() => undefined)).toBeUndefined();
  expect(describe((record) => (record["queryName"] = "x"))).toBe(
    'record.queryName is a string, not a ByteSlot; write record.queryName.setText("…") or .set(bytes, start, end)',
  );
  expect(describe((record) => (record["answerTtls"] = [1]))).toBe("record.answerTtls is a list, not a NumberList");
  expect(describe((record) => Object.assign(record.observation, { time: 7 }))).toBe(
    "record.observation.time is a number, not a Timestamp",
  );
});
