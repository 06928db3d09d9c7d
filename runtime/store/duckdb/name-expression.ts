import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Column, Comparison } from "../../schema/event-table.js";
import {
  comparisonKey,
  FINAL_DOT_FORM,
  foldName,
  HOST_FORM,
  hostKey,
  hostSet,
  nameForms,
  nameKey,
  namePattern,
} from "../../schema/name-comparison.js";
import type { Operator } from "../../schema/operators.js";
import { simpleLowerCase } from "../../schema/text-match.js";
import { BoundValue } from "./bound-value.js";
import { likeCondition } from "./like-condition.js";

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
/** What a final dot and a port add to a host's length in bytes at most: `.:65535`. */
const MAX_PORT_BYTES = 7;

/**
 * The condition on a column that compares as names do; `createNameTest` gives the same answer without a database. DuckDB's `lower` is not
 * ASCII's, but several times as fast as `translate`: what `lower` or the length excludes is not looked at any further.
 */
export function nameCondition(
  column: Column & { readonly comparison: Comparison },
  operator: Operator,
  values: readonly string[],
): Expression<SqlBool> {
  const text = sql.ref<string>(column.name);
  const wanted = values[0]!;
  switch (operator) {
    case "prefix":
      return prefixCondition(text, foldName(wanted));
    case "contains":
      return containsCondition(text, simpleLowerCase(wanted));
    case "like": {
      const pattern = namePattern(wanted);
      const mayMatch = likeCondition(sql`lower(${text})`, simpleLowerCase(pattern));
      const test = likeCondition(keyOf(column.comparison, text), pattern);
      const hasDot = column.comparison === "name" ? sql`ends_with(${text}, '.')` : sql`contains(${text}, '.')`;
      return sql`CASE WHEN ${mayMatch} OR ${hasDot} THEN ${test} ELSE false END`;
    }
    case "lt":
    case "lte":
    case "gt":
    case "gte": {
      const sign = sql.raw({ lt: "<", lte: "<=", gt: ">", gte: ">=" }[operator]);
      return sql`${keyOf(column.comparison, text)} ${sign} ${bind(comparisonKey(column.comparison, wanted))}`;
    }
    case "has":
      return hasName(text, nameForms(wanted));
    default:
      return column.comparison === "name"
        ? within(text, values.map(nameKey), ".", oneOfNames(text, values.flatMap(nameForms)))
        : // After a host comes a final dot or a colon, and both before a semicolon.
          within(
            text,
            values.map((value) => hostKey(value).name),
            ";",
            oneOfHosts(text, values),
          );
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

function keyOf(comparison: Comparison, text: Expression<unknown>): RawBuilder<string> {
  const [form, parts] = comparison === "name" ? [FINAL_DOT_FORM, "\\1"] : [HOST_FORM, "\\1\\2"];
  return sql`regexp_replace(${fold(text)}, ${sql.lit(form)}, ${sql.lit(parts)}, 's')`;
}

function hostName(text: Expression<unknown>): RawBuilder<string> {
  return sql`regexp_replace(${fold(text)}, ${sql.lit(HOST_FORM)}, '\\1', 's')`;
}

/** `test` for texts of these lengths in bytes, which are known without reading the texts. */
function ofLength(
  text: Expression<unknown>,
  forms: readonly string[],
  added: number,
  test: Expression<SqlBool>,
): Expression<SqlBool> {
  const lengths = forms.map((form) => Buffer.byteLength(form));
  const least = sql.lit(Math.min(...lengths));
  const most = sql.lit(Math.max(...lengths) + added);
  return sql`CASE WHEN strlen(${text}) >= ${least} AND strlen(${text}) <= ${most} THEN ${test} ELSE false END`;
}

/**
 * `test` for texts between the least and the greatest that are these names, whatever their case, which may continue with a character up to
 * `last`. So row groups can be left out by their least and greatest texts.
 */
function within(
  text: Expression<unknown>,
  names: readonly string[],
  last: string,
  test: Expression<SqlBool>,
): Expression<SqlBool> {
  // DuckDB orders texts by their bytes, where capital letters come before all others.
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

function oneOfNames(text: Expression<unknown>, forms: readonly string[]): Expression<SqlBool> {
  // A character outside ASCII whose lower case is ASCII takes more bytes than that.
  const test = forms.every(isAscii)
    ? sql<SqlBool>`(lower(${text}) IN (${list(forms)}) AND strlen(lower(${text})) = strlen(${text}))`
    : sql<SqlBool>`${fold(text)} IN (${list(forms)})`;
  return ofLength(text, forms, 0, test);
}

function oneOfHosts(text: Expression<unknown>, values: readonly string[]): Expression<SqlBool> {
  const { names, withPorts } = hostSet(values);
  const tests: Expression<SqlBool>[] = [];
  if (names.length > 0) tests.push(sql`${hostName(text)} IN (${list(names)})`);
  if (withPorts.length > 0) tests.push(sql`${keyOf("host", text)} IN (${list(withPorts)})`);
  return ofLength(text, [...names, ...withPorts], MAX_PORT_BYTES, sql`(${sql.join(tests, sql` OR `)})`);
}

function hasName(names: Expression<unknown>, forms: readonly string[]): Expression<SqlBool> {
  return sql`list_contains(list_transform(${names}, lambda item: ${oneOfNames(sql.raw("item"), forms)}), true)`;
}

function prefixCondition(text: Expression<unknown>, prefix: string): Expression<SqlBool> {
  const starts = sql<SqlBool>`CASE WHEN starts_with(lower(${text}), ${bind(simpleLowerCase(prefix))}) THEN starts_with(${fold(text)}, ${bind(prefix)}) ELSE false END`;
  // With a final dot it is the whole name too.
  const whole = prefix.endsWith(".") ? prefix.slice(0, -1) : undefined;
  const test =
    whole === undefined
      ? starts
      : sql`(${starts} OR ${ofLength(text, [whole], 0, sql`${fold(text)} = ${bind(whole)}`)})`;
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

function containsCondition(text: Expression<unknown>, part: string): Expression<SqlBool> {
  const holds = sql<SqlBool>`contains(lower(${text}), ${bind(part)})`;
  return part.endsWith(".") ? sql`(${holds} OR ends_with(lower(${text}), ${bind(part.slice(0, -1))}))` : holds;
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
