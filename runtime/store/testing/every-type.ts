import type { ColumnStatement } from "../../schema/define-columns.js";
import { SEMANTIC_TYPES, type SemanticTypeName } from "../../schema/semantic-types.js";
import { testColumns } from "./test-event.js";

const ENUM_VALUES = [
  { number: 0, name: "UNSPECIFIED" },
  { number: 1, name: "ONE" },
  { number: 7, name: "SEVEN" },
];
const AS_NAME = { compare: "COMPARISON_NAME" } as const;
const AS_HOST = { compare: "COMPARISON_HOST" } as const;

type Statement = Omit<ColumnStatement, "number">;

function ofEveryType(prefix: string, more: Partial<Statement>): Record<string, Statement> {
  const types = Object.keys(SEMANTIC_TYPES) as SemanticTypeName[];
  return Object.fromEntries(
    types.map((type) => [
      `${prefix}_${type}`,
      { type, ...(type === "enum" ? { enumValues: ENUM_VALUES } : {}), ...more },
    ]),
  );
}

/** A nullable column and a list of every semantic type, and columns that compare as names. */
export const EVERY_TYPE = testColumns({
  ...ofEveryType("a", { isNullable: true }),
  ...ofEveryType("list", { isList: true }),
  a_name: { type: "text", isNullable: true, annotation: AS_NAME },
  list_name: { type: "text", isList: true, annotation: AS_NAME },
  a_host: { type: "text", isNullable: true, annotation: AS_HOST },
});

/** A column that always has a value, a nullable one and a list of every semantic type. */
export const EVERY_NULLABILITY = testColumns({
  ...ofEveryType("the", {}),
  ...ofEveryType("a", { isNullable: true }),
  ...ofEveryType("list", { isList: true }),
});
