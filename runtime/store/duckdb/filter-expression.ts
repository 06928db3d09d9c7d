import { type Expression, type SqlBool, sql } from "kysely";
import type { Column } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { OPERATORS, type Operator } from "../../schema/operators.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import { simpleLowerCase } from "../../schema/text-match.js";
import type { ScalarValue } from "../../schema/value.js";
import { BoundValue } from "./bound-value.js";
import { likeCondition } from "./like-condition.js";
import { nameCondition } from "./name-expression.js";

/** The condition as DuckDB's SQL, every value bound; `createPredicates` gives the same answer without a database. */
export function filterExpression({ column, operator, values }: ParsedFilter): Expression<SqlBool> {
  const positive = OPERATORS[operator].negates;
  if (positive === undefined || (operator === "ne" && column.comparison === undefined))
    return condition(column, operator, values);
  return sql<SqlBool>`(${sql.ref(column.name)} IS NOT NULL AND NOT (${condition(column, positive, values)}))`;
}

function condition(column: Column, operator: Operator, values: readonly ScalarValue[]): Expression<SqlBool> {
  const reference = sql.ref(column.name);
  const bind = (value: ScalarValue): BoundValue => new BoundValue(SEMANTIC_TYPES[column.type].storage, value!);
  const value = values[0]!;
  if (operator === "is_null") {
    return value === true ? sql<SqlBool>`${reference} IS NULL` : sql<SqlBool>`${reference} IS NOT NULL`;
  }
  const { comparison } = column;
  // Only texts have a comparison of their own.
  if (comparison !== undefined) return nameCondition({ ...column, comparison }, operator, values as string[]);
  switch (operator) {
    case "ne":
      return sql<SqlBool>`${reference} <> ${bind(value)}`;
    case "lt":
      return sql<SqlBool>`${reference} < ${bind(value)}`;
    case "lte":
      return sql<SqlBool>`${reference} <= ${bind(value)}`;
    case "gt":
      return sql<SqlBool>`${reference} > ${bind(value)}`;
    case "gte":
      return sql<SqlBool>`${reference} >= ${bind(value)}`;
    case "in":
      return sql<SqlBool>`${reference} IN (${sql.join(values.map(bind))})`;
    case "has":
      if (!column.isList) return sql<SqlBool>`(${reference} & ${bind(value)}) = ${bind(value)}`;
      return sql<SqlBool>`list_contains(${reference}, ${bind(value)})`;
    case "contains":
      return sql<SqlBool>`contains(lower(${reference}), ${simpleLowerCase(value as string)})`;
    case "prefix":
      return sql<SqlBool>`starts_with(${reference}, ${value})`;
    case "like":
      return likeCondition(reference, value as string);
    case "cidr":
      return sql<SqlBool>`(${sql.join(rangeConditions(column.name, values), sql` OR `)})`;
    default:
      return sql<SqlBool>`${reference} = ${bind(value)}`;
  }
}

function rangeConditions(name: string, bounds: readonly ScalarValue[]): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const first = new BoundValue("u128", bounds[i]!);
    const last = new BoundValue("u128", bounds[i + 1]!);
    conditions.push(sql<SqlBool>`${sql.ref(name)} BETWEEN ${first} AND ${last}`);
  }
  return conditions;
}
