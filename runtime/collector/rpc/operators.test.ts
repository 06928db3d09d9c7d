import { expect, it } from "vitest";
import { CountMode, Operator } from "../../../generated/wireloom/v1/query_pb.js";
import { OPERATORS } from "../../schema/semantic-type.js";

it("the operators of query.proto are those of the schema, in the same order", () => {
  const names = ["UNSPECIFIED", ...OPERATORS.map((name) => name.toUpperCase())];
  expect(Object.entries(Operator).filter(([, number]) => typeof number === "number")).toEqual(
    names.map((name, number) => [name, number]),
  );
});

it("the modes of counting are those of REST", () => {
  expect(CountMode).toMatchObject({ UNSPECIFIED: 0, NONE: 1, CAPPED: 2, EXACT: 3 });
});
