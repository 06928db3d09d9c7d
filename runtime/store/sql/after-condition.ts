import { type Expression, type SqlBool, sql } from "kysely";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import type { ScalarValue, Value } from "../../schema/value.js";
import type { Ordering } from "../query-store.js";
import { BoundValue } from "./bound-value.js";
import { conjunction } from "./conjunction.js";

/**
 * The condition for rows after the one with these values, in an order where rows without a value come last:
 * `a > $1 OR (a = $1 AND b > $2) …`. Where the first column always has a value, its bound is
 * repeated by itself, because only then a database can skip parts of a table or use an index.
 */
export function afterCondition(orderBy: readonly Ordering[], after: readonly Value[]): Expression<SqlBool> {
  const alternatives: Expression<SqlBool>[] = [];
  for (let i = 0; i < orderBy.length; i++) {
    const beyond = beyondCondition(orderBy[i]!, after[i] as ScalarValue);
    if (beyond === undefined) continue;
    const equal = orderBy.slice(0, i).map((ordering, j) => equalCondition(ordering, after[j] as ScalarValue));
    alternatives.push(conjunction([...equal, beyond]));
  }
  if (alternatives.length === 0) return sql<SqlBool>`FALSE`;
  const either = sql<SqlBool>`(${sql.join(alternatives, sql` OR `)})`;
  const [first] = orderBy;
  if (first === undefined || first.column.isNullable) return either;
  const bound = new BoundValue(SEMANTIC_TYPES[first.column.type].storage, after[0] as Exclude<ScalarValue, null>);
  const reference = sql.ref(first.column.name);
  return conjunction([
    first.isDescending ? sql<SqlBool>`${reference} <= ${bound}` : sql<SqlBool>`${reference} >= ${bound}`,
    either,
  ]);
}

function equalCondition({ column }: Ordering, value: ScalarValue): Expression<SqlBool> {
  const reference = sql.ref(column.name);
  return value === null
    ? sql<SqlBool>`${reference} IS NULL`
    : sql<SqlBool>`${reference} = ${new BoundValue(SEMANTIC_TYPES[column.type].storage, value)}`;
}

/** Undefined where nothing comes after the value. */
function beyondCondition({ column, isDescending }: Ordering, value: ScalarValue): Expression<SqlBool> | undefined {
  if (value === null) return undefined;
  const reference = sql.ref(column.name);
  const bound = new BoundValue(SEMANTIC_TYPES[column.type].storage, value);
  const beyond = isDescending ? sql<SqlBool>`${reference} < ${bound}` : sql<SqlBool>`${reference} > ${bound}`;
  return column.isNullable ? sql<SqlBool>`(${beyond} OR ${reference} IS NULL)` : beyond;
}
