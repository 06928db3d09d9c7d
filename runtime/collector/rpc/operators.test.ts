import { expect, it } from "vitest";
import { Operator } from "../../../generated/wireloom/v1/operator_pb.js";
import { CountMode } from "../../../generated/wireloom/v1/query_pb.js";
import { OPERATOR_NAMES } from "../../schema/operators.js";

it("the operators of query.proto are those of the schema, in the same order", () => {
  const names = ["UNSPECIFIED", ...OPERATOR_NAMES.map((name) => name.toUpperCase())];
  expect(Object.entries(Operator).filter(([, number]) => typeof number === "number")).toEqual(
    names.map((name, number) => [name, number]),
  );
});

it("the modes of counting are those of REST", () => {
  expect(CountMode).toMatchObject({ UNSPECIFIED: 0, NONE: 1, CAPPED: 2, EXACT: 3 });
});
