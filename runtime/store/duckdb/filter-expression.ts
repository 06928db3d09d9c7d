import { type Expression, type SqlBool, sql } from "kysely";
import type { ParsedFilter } from "../../schema/filter.js";
import { likeExpression, simpleLowerCase } from "../../schema/text-match.js";
import type { ScalarValue } from "../../schema/value.js";
import { BoundValue } from "./bound-value.js";

/**
 * `%` in a pattern at most for DuckDB's own LIKE, whose time grows with the text's length to their power; patterns
 * with more are matched as regular expressions, in linear time.
 */
const MAX_LIKE_WILDCARDS = 2;

/** The condition as DuckDB's SQL, every value bound; `createPredicates` gives the same answer without a database. */
export function filterExpression({ column, operator, values }: ParsedFilter): Expression<SqlBool> {
  const reference = sql.ref(column.name);
  const bind = (value: ScalarValue): BoundValue => new BoundValue(column.type, value!);
  const value = values[0]!;
  switch (operator) {
    case "eq":
      return sql<SqlBool>`${reference} = ${bind(value)}`;
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
      return sql<SqlBool>`list_contains(${reference}, ${bind(value)})`;
    case "contains":
      return sql<SqlBool>`contains(lower(${reference}), ${simpleLowerCase(value as string)})`;
    case "prefix":
      return sql<SqlBool>`starts_with(${reference}, ${value})`;
    case "like":
      return likeCondition(column.name, value as string);
    case "cidr":
      return sql<SqlBool>`(${sql.join(rangeConditions(column.name, values), sql` OR `)})`;
    case "is_null":
      return value === true ? sql<SqlBool>`${reference} IS NULL` : sql<SqlBool>`${reference} IS NOT NULL`;
  }
}

function likeCondition(name: string, pattern: string): Expression<SqlBool> {
  if (pattern.split("%").length - 1 > MAX_LIKE_WILDCARDS) {
    return sql<SqlBool>`regexp_full_match(${sql.ref(name)}, ${likeExpression(pattern)}, 's')`;
  }
  return sql<SqlBool>`${sql.ref(name)} LIKE ${pattern} ESCAPE '\\'`;
}

function rangeConditions(name: string, bounds: readonly ScalarValue[]): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const first = new BoundValue("ip", bounds[i]!);
    const last = new BoundValue("ip", bounds[i + 1]!);
    conditions.push(sql<SqlBool>`${sql.ref(name)} BETWEEN ${first} AND ${last}`);
  }
  return conditions;
}
