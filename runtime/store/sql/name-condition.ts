import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Column, Comparison } from "../../schema/event-table.js";
import {
  comparisonKey,
  FINAL_DOT_FORM,
  foldName,
  HOST_FORM,
  HOST_NAME,
  HOST_WITH_PORT,
  hostKey,
  hostSet,
  nameForms,
  nameKey,
  namePattern,
} from "../../schema/name-comparison.js";
import type { PositiveOperator } from "../../schema/operators.js";
import { simpleLowerCase } from "../../schema/text-match.js";
import { BoundValue, boundText } from "./bound-value.js";
import type { DatabaseSql } from "./database-sql.js";

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DOT = sql.lit(".");
/** Maximum bytes that a final dot and a port add to a host: `.:65535`. */
const MAX_PORT_BYTES = 7;

/**
 * The condition on a column that compares as names do; `createNameTest` tests the same without a database. A database's `lower` is not
 * limited to ASCII but several times as fast as `translate`, so it and the length exclude most texts first.
 */
export function nameCondition(
  database: DatabaseSql,
  column: Column & { readonly comparison: Comparison },
  operator: PositiveOperator,
  values: readonly string[],
): Expression<SqlBool> {
  const text = sql.ref<string>(column.name);
  const wanted = values[0]!;
  switch (operator) {
    case "prefix":
      return prefixCondition(database, text, foldName(wanted));
    case "contains":
      return containsCondition(database, text, simpleLowerCase(wanted));
    case "like": {
      const pattern = namePattern(wanted);
      const mayMatch = database.like(database.lower(text), simpleLowerCase(pattern));
      const test = database.like(keyOf(database, column.comparison, text), pattern);
      const hasDot = column.comparison === "name" ? database.endsWith(text, DOT) : database.contains(text, DOT);
      return sql`CASE WHEN ${mayMatch} OR ${hasDot} THEN ${test} ELSE false END`;
    }
    case "lt":
    case "lte":
    case "gt":
    case "gte": {
      const sign = sql.raw({ lt: "<", lte: "<=", gt: ">", gte: ">=" }[operator]);
      return sql`${keyOf(database, column.comparison, text)} ${sign} ${bind(comparisonKey(column.comparison, wanted))}`;
    }
    case "has":
      return hasName(database, text, nameForms(wanted));
    case "eq":
    case "in":
      return column.comparison === "name"
        ? within(text, values.map(nameKey), ".", oneOfNames(database, text, values.flatMap(nameForms)))
        : // After a host comes a final dot or a colon, and both before a semicolon.
          within(
            text,
            values.map((value) => hostKey(value).name),
            ";",
            oneOfHosts(database, text, values),
          );
    case "cidr":
    case "is_null":
      throw new Error(`names are not compared by ${operator}`);
  }
}

function bind(text: string): BoundValue {
  return new BoundValue("text", text);
}

function list(texts: readonly string[]): RawBuilder<unknown> {
  return sql.join(texts.map(bind));
}

function fold(text: Expression<unknown>): RawBuilder<string> {
  return sql`translate(${text}, ${sql.lit(UPPER)}, ${sql.lit(LOWER)})`;
}

function keyOf(database: DatabaseSql, comparison: Comparison, text: Expression<unknown>): Expression<string> {
  const [form, parts] = comparison === "name" ? [FINAL_DOT_FORM, "\\1"] : [HOST_FORM, HOST_WITH_PORT];
  return database.replaceMatch(fold(text), form, parts);
}

function hostName(database: DatabaseSql, text: Expression<unknown>): Expression<string> {
  return database.replaceMatch(fold(text), HOST_FORM, HOST_NAME);
}

/** `test` for texts of these lengths in bytes, which are known without reading the texts. */
function ofLength(
  database: DatabaseSql,
  text: Expression<unknown>,
  forms: readonly string[],
  added: number,
  test: Expression<SqlBool>,
): Expression<SqlBool> {
  const lengths = forms.map((form) => Buffer.byteLength(form));
  const least = sql.lit(Math.min(...lengths));
  const most = sql.lit(Math.max(...lengths) + added);
  const length = database.byteLength(text);
  return sql`CASE WHEN ${length} >= ${least} AND ${length} <= ${most} THEN ${test} ELSE false END`;
}

/**
 * `test` for texts between the least and the greatest that are these names, whatever their case, which may continue with a character up to
 * `last`. So parts of the table can be left out by their least and greatest texts, or found by an index.
 */
function within(
  text: Expression<unknown>,
  names: readonly string[],
  last: string,
  test: Expression<SqlBool>,
): Expression<SqlBool> {
  // Texts are in the order of their bytes, where capital letters come before all others.
  const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));
  const least = names.map(capitalize).toSorted(byBytes)[0]!;
  const greatest = names
    .map((name) => name + last)
    .toSorted(byBytes)
    .at(-1)!;
  return sql`(${text} >= ${bind(least)} AND ${text} <= ${bind(greatest)} AND ${test})`;
}

function capitalize(folded: string): string {
  return folded.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function oneOfNames(database: DatabaseSql, text: Expression<unknown>, forms: readonly string[]): Expression<SqlBool> {
  const lower = database.lower(text);
  // A character outside ASCII whose lower case is ASCII takes more bytes than that.
  const test = forms.every(isAscii)
    ? sql<SqlBool>`(${lower} IN (${list(forms)}) AND ${database.byteLength(lower)} = ${database.byteLength(text)})`
    : sql<SqlBool>`${fold(text)} IN (${list(forms)})`;
  return ofLength(database, text, forms, 0, test);
}

function oneOfHosts(database: DatabaseSql, text: Expression<unknown>, values: readonly string[]): Expression<SqlBool> {
  const { names, withPorts } = hostSet(values);
  const tests: Expression<SqlBool>[] = [];
  if (names.length > 0) tests.push(sql`${hostName(database, text)} IN (${list(names)})`);
  if (withPorts.length > 0) tests.push(sql`${keyOf(database, "host", text)} IN (${list(withPorts)})`);
  return ofLength(database, text, [...names, ...withPorts], MAX_PORT_BYTES, sql`(${sql.join(tests, sql` OR `)})`);
}

function hasName(database: DatabaseSql, names: Expression<unknown>, forms: readonly string[]): Expression<SqlBool> {
  return database.listSome(names, (item) => oneOfNames(database, item, forms));
}

function prefixCondition(database: DatabaseSql, text: Expression<unknown>, prefix: string): Expression<SqlBool> {
  const mayStart = database.startsWith(database.lower(text), boundText(simpleLowerCase(prefix)));
  const starts = sql<SqlBool>`CASE WHEN ${mayStart} THEN ${database.startsWith(fold(text), boundText(prefix))} ELSE false END`;
  // With a final dot it is the whole name too.
  const whole = prefix.endsWith(".") ? prefix.slice(0, -1) : undefined;
  const test =
    whole === undefined
      ? starts
      : sql`(${starts} OR ${ofLength(database, text, [whole], 0, sql`${fold(text)} = ${bind(whole)}`)})`;
  const bounds = [sql`${text} >= ${bind(capitalize(whole ?? prefix))}`];
  const beyond = firstBeyond(prefix);
  if (beyond !== undefined) bounds.push(sql`${text} < ${bind(beyond)}`);
  return sql`(${sql.join([...bounds, test], sql` AND `)})`;
}

/** The first text after all those that begin with this one; undefined where its last character has no ASCII character after it. */
function firstBeyond(prefix: string): string | undefined {
  const last = prefix.charCodeAt(prefix.length - 1);
  return last < 0x7f ? prefix.slice(0, -1) + String.fromCharCode(last + 1) : undefined;
}

function containsCondition(database: DatabaseSql, text: Expression<unknown>, part: string): Expression<SqlBool> {
  const lower = database.lower(text);
  const holds = database.contains(lower, boundText(part));
  return part.endsWith(".") ? sql`(${holds} OR ${database.endsWith(lower, boundText(part.slice(0, -1)))})` : holds;
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
