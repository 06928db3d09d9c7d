import { type Expression, type SqlBool, sql } from "kysely";
import type { Column } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { OPERATORS, type PositiveOperator } from "../../schema/operators.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import { simpleLowerCase } from "../../schema/text-match.js";
import type { ScalarValue } from "../../schema/value.js";
import { BoundValue, boundText } from "./bound-value.js";
import type { DatabaseSql } from "./database-sql.js";
import { nameCondition } from "./name-condition.js";

/** The condition in a database's SQL, every value bound; `createPredicates` tests the same without a database. */
export function filterCondition(
  database: DatabaseSql,
  { column, operator, values }: ParsedFilter,
): Expression<SqlBool> {
  const positive = OPERATORS[operator].negates;
  // An operator without an opposite is positive.
  if (positive === undefined) return condition(database, column, operator as PositiveOperator, values);
  const reference = sql.ref(column.name);
  if (operator === "ne" && column.comparison === undefined) {
    return sql<SqlBool>`${reference} <> ${boundTo(column, values[0]!)}`;
  }
  return sql<SqlBool>`(${reference} IS NOT NULL AND NOT (${condition(database, column, positive, values)}))`;
}

function condition(
  database: DatabaseSql,
  column: Column,
  operator: PositiveOperator,
  values: readonly ScalarValue[],
): Expression<SqlBool> {
  const reference = sql.ref(column.name);
  const bind = (value: ScalarValue): BoundValue => boundTo(column, value);
  const value = values[0]!;
  if (operator === "is_null") {
    return value === true ? sql<SqlBool>`${reference} IS NULL` : sql<SqlBool>`${reference} IS NOT NULL`;
  }
  const { comparison } = column;
  // Only texts have a comparison of their own.
  if (comparison !== undefined) return nameCondition(database, { ...column, comparison }, operator, values as string[]);
  switch (operator) {
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
      return column.isList ? database.listContains(reference, bind(value)) : database.hasBits(reference, bind(value));
    case "contains":
      return database.contains(database.lower(reference), boundText(simpleLowerCase(value as string)));
    case "prefix":
      return database.startsWith(reference, boundText(value as string));
    case "like":
      return database.like(reference, value as string);
    case "cidr":
      return sql<SqlBool>`(${sql.join(rangeConditions(column.name, values), sql` OR `)})`;
    case "eq":
      return sql<SqlBool>`${reference} = ${bind(value)}`;
  }
}

function boundTo({ type }: Column, value: ScalarValue): BoundValue {
  return new BoundValue(SEMANTIC_TYPES[type].storage, value!);
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
