import type { Column, EventQuery, Filter } from "./event-table.js";
import { fieldNames } from "./field-names.js";
import { describeForeignParameter } from "./foreign-parameters.js";
import { describeNearest, listNames, nearestName } from "./nearest-name.js";
import { OPERATOR_NAMES, OPERATORS } from "./operators.js";
import { quote } from "./quote.js";

/** Columns and filters, of one event or of several. */
export interface KnownFilters {
  readonly columns: readonly Column[];
  readonly filters: ReadonlyMap<string, Filter>;
}

/** What is known of one event. */
export function knownFilters({ columnsByNumber, filters }: EventQuery): KnownFilters {
  return { columns: [...columnsByNumber.values()], filters };
}

/** Maximum length of a name that is analyzed. */
const MAX_NAME_LENGTH = 200;
/** Maximum number of suggested names. */
const MAX_PROPOSED = 4;

/** Synonyms for the words of field names. */
const FIELD_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ip: "address",
    addr: "address",
    source: "src",
    client: "src",
    destination: "dst",
    dest: "dst",
    timestamp: "time",
    ts: "time",
    proto: "transport",
    protocol: "transport",
    iface: "interface",
    sport: "src_port",
    dport: "dst_port",
  }),
);

/** Notations of the opposites of operators without a negation. */
const NOT_HAS = "not_has";
const NOT_NULL = "not_null";

/** The operator that is the opposite of another one. */
const OPPOSITES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...Object.fromEntries(
      OPERATOR_NAMES.flatMap((name) => {
        const { negates } = OPERATORS[name];
        return negates === undefined ? [] : [[negates, name]];
      }),
    ),
    lt: "gte",
    lte: "gt",
    gt: "lte",
    gte: "lt",
    has: NOT_HAS,
    is_null: NOT_NULL,
  }),
);

const POSITIVE_WORDS = [
  ...OPERATOR_NAMES.map((operator): [string, string] => [operator, operator]),
  ...OPERATOR_NAMES.flatMap((operator) =>
    (OPERATORS[operator].synonyms ?? []).map((word): [string, string] => [word, operator]),
  ),
];

/** Operators by how they are written, with a negation before, after or inside; those that are meant as they stand come last. */
const OPERATORS_BY_WORD = new Map([
  ...POSITIVE_WORDS.flatMap(([word, operator]): [string, string][] => {
    const opposite = OPPOSITES.get(operator);
    if (opposite === undefined) return [];
    return [`not_${word}`, `${word}_not`, word.replace("is_", "is_not_"), word.replace(/^is/, "isnot")].map(
      (negated) => [negated, opposite],
    );
  }),
  ...POSITIVE_WORDS,
]);

/**
 * End of a message about an unknown parameter of an event: the replacement if it can be determined, else the nearest name,
 * else the known names. `controls` are parameters that are not filters.
 */
export function describeUnknownFilter(known: KnownFilters, name: string, controls: readonly string[] = []): string {
  const { columns, filters } = known;
  const names = fieldNames(columns);
  const others = controls.length === 0 ? "" : `${controls.join(", ")}, and `;
  const nearestOfAll = () =>
    describeNearest(name, [...controls, ...filters.keys()], `${others}filters of ${listNames(names)}`);
  if (name.length > MAX_NAME_LENGTH) return nearestOfAll();
  if (controls.length > 0) {
    const example =
      columns.find(({ type, isListed, isList }) => type === "text" && isListed && !isList)?.name ?? "time";
    const foreign = describeForeignParameter(name, example, `the fields are ${listNames(names)}`);
    if (foreign !== undefined) return foreign;
  }
  const lowerCase = name.toLowerCase();
  const { field, operator } = takeApart(lowerCase, names);
  const column = names.includes(field) ? field : columns.find(({ wireshark }) => wireshark.includes(field))?.name;
  if (column !== undefined) return describeOperators(known, column, operator);
  if (controls.includes(lowerCase)) return `the nearest is ${quote(lowerCase)}`;
  const proposed = fieldsOfWords(field, names).map((one) => parameterOf(known, one, operator));
  if (proposed.length > 0) return describeProposed(proposed);
  const nearestControl = nearestName(name, controls);
  const nearestField = nearestName(field, names);
  if (nearestControl === undefined && nearestField !== undefined)
    return `the nearest is ${quote(parameterOf(known, nearestField, operator))}`;
  return nearestOfAll();
}

/** A parameter's field and operator, whatever stands between them: `_`, `__`, `.`, `[…]`. The operator is undefined if none is known. */
function takeApart(name: string, fields: readonly string[]): { field: string; operator: string | undefined } {
  const plain = name
    .replaceAll(/[[\]:]+/g, "_")
    .replaceAll(/_+/g, "_")
    .replaceAll(/^_|_$/g, "");
  if (fields.includes(plain)) return { field: plain, operator: undefined };
  for (const separator of plain.matchAll(/[_.]/g)) {
    const operator = OPERATORS_BY_WORD.get(plain.slice(separator.index + 1));
    if (operator !== undefined) return { field: plain.slice(0, separator.index), operator };
  }
  return { field: plain, operator: undefined };
}

function describeOperators(known: KnownFilters, field: string, operator: string | undefined): string {
  const parameter = operator === undefined ? undefined : wanted(known, field, operator);
  if (parameter !== undefined) return `the nearest is ${quote(parameter)}`;
  const taken = OPERATOR_NAMES.filter((one) => known.filters.has(`${field}_${one}`)).map((one) => `${field}_${one}`);
  const missing = operator === NOT_HAS && known.filters.has(`${field}_has`) ? `"has" has no opposite; ` : "";
  return `${missing}filters of ${field} are ${taken.join(", ")}`;
}

/** The parameter of a field and an operator; undefined if the field does not take the operator. */
function wanted(known: KnownFilters, field: string, operator: string): string | undefined {
  if (known.filters.has(`${field}_${operator}`)) return `${field}_${operator}`;
  return operator === NOT_NULL && known.filters.has(`${field}_is_null`) ? `${field}_is_null=false` : undefined;
}

/** Fields that have all words of a name, such as `query_name` of `name`. */
function fieldsOfWords(name: string, fields: readonly string[]): string[] {
  const words = name.split(/[_.]/).flatMap((word) => (FIELD_WORDS.get(word) ?? word).split("_"));
  const sought = new Set(words);
  if (sought.has("")) return [];
  return fields.filter((field) => {
    const has = new Set(field.split("_"));
    return [...sought].every((word) => has.has(word));
  });
}

function parameterOf(known: KnownFilters, field: string, operator: string | undefined): string {
  const name = wanted(known, field, operator ?? "eq");
  if (name !== undefined) return name;
  const first = OPERATOR_NAMES.find((one) => known.filters.has(`${field}_${one}`));
  return `${field}_${first ?? "eq"}`;
}

function describeProposed(names: readonly string[]): string {
  if (names.length === 1) return `the nearest is ${quote(names[0]!)}`;
  const shown = names.slice(0, MAX_PROPOSED).map(quote);
  return `the nearest are ${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
