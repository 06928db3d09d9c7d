import type { CollectedEvent } from "../../plugin/plugin.js";
import { fieldNames } from "../../schema/field-names.js";
import { describeNearest } from "../../schema/nearest-name.js";
import { OPERATOR_NAMES } from "../../schema/operators.js";
import { quote } from "../../schema/quote.js";
import { snakeCase } from "../../schema/snake-case.js";
import { WireloomError } from "../../wireloom-error.js";
import type { FilterMessage, ListRequestMessage, OrderMessage } from "./request-message.js";

const FILTERS_EXAMPLE = '{"field":"query_name","operator":"eq","values":["example.com"]}';
const ORDER_EXAMPLE = '{"field":"time","descending":true}';
const COUNT_MODES = ["unspecified", "none", "capped", "exact"];

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A `List…` request of JSON text. Names may be in snake_case, camelCase and PascalCase, fields by their name (`query_name`) or as the
 * schema has them (`DNS_FIELD_QUERY_NAME`, or the number), operators likewise (`eq`, `OPERATOR_EQ`). Throws `invalid_argument` on an
 * unknown name, with the nearest known one.
 */
export function readListRequest(event: CollectedEvent, text: string): ListRequestMessage {
  const json = membersOf(parseJson(text), "the request", ["filters", "order_by", "page_size", "page_token", "count"]);
  return {
    filters: listOf(json["filters"], "filters", FILTERS_EXAMPLE).map((item, i) =>
      readFilter(event, item, `filters[${i}]`),
    ),
    orderBy: listOf(json["order_by"], "order_by", ORDER_EXAMPLE).map((item, i) =>
      readOrder(event, item, `order_by[${i}]`),
    ),
    pageSize: numberOf(json["page_size"] ?? 0, "page_size"),
    pageToken: textOf(json["page_token"] ?? "", "page_token"),
    count: readName(json["count"] ?? 0, "count", "count_mode_", COUNT_MODES),
  };
}

/** A `Get…` request of JSON text. Throws `invalid_argument`. */
export function readGetRequest(text: string): { readonly id: string } {
  const json = membersOf(parseJson(text), "the request", ["id"]);
  return { id: textOf(json["id"] ?? "", "id") };
}

function readFilter(event: CollectedEvent, value: unknown, place: string): FilterMessage {
  const json = membersOf(value, place, ["field", "operator", "values"]);
  const given = json["values"] ?? [];
  return {
    field: readField(event, json["field"], `${place}.field`),
    operator: readName(json["operator"] ?? "eq", `${place}.operator`, "operator_", ["unspecified", ...OPERATOR_NAMES]),
    values: (Array.isArray(given) ? given : [given]).map((item: unknown, i) => textOf(item, `${place}.values[${i}]`)),
  };
}

function readOrder(event: CollectedEvent, value: unknown, place: string): OrderMessage {
  const json = membersOf(value, place, ["field", "descending"]);
  const descending = json["descending"] ?? false;
  if (typeof descending !== "boolean") throw invalid(`${place}.descending: ${shown(descending)} is not true or false`);
  return { field: readField(event, json["field"], `${place}.field`), descending };
}

function readField(event: CollectedEvent, value: unknown, place: string): number {
  if (typeof value === "number") return value;
  const name = textOf(value ?? "", place);
  const wanted = name.toLowerCase();
  const { columns } = event.table;
  const column =
    columns.find((candidate) => candidate.name === wanted) ??
    columns.find((candidate) => candidate.name === wanted.replace(/^[a-z0-9_]*?_field_/, ""));
  if (column !== undefined) return column.fieldNumber;
  throw invalid(
    `${place}: ${event.table.resource} has no field ${quote(name)}; ${describeNearest(name, fieldNames(columns))}`,
  );
}

/** The place of a name in a list, as an enum's numbers are. */
function readName(value: unknown, place: string, prefix: string, names: readonly string[]): number {
  if (typeof value === "number") return value;
  const name = textOf(value, place);
  const number = names.indexOf(name.toLowerCase().replace(prefix, ""));
  if (number >= 0) return number;
  throw invalid(`${place}: there is no ${quote(name)}; ${describeNearest(name, names.slice(1))}`);
}

/** The members of an object by their names in snake_case. */
function membersOf(value: unknown, place: string, known: readonly string[]): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(`${place} is not an object`);
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const plain = snakeCase(name);
    if (!known.includes(plain)) throw invalid(`${place} has no member ${quote(name)}; ${describeNearest(name, known)}`);
    if (Object.hasOwn(members, plain)) throw invalid(`${place}: ${plain} is given twice`);
    members[plain] = member;
  }
  return members;
}

/** The items of a list of objects; `example` is one in messages. */
function listOf(value: unknown, place: string, example: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${place} is not a list such as [${example}]`);
  const wrong = value.findIndex((item) => typeof item !== "object" || item === null || Array.isArray(item));
  if (wrong !== -1) throw invalid(`${place}[${wrong}] is not an object such as ${example}`);
  return value;
}

function numberOf(value: unknown, place: string): number {
  const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === "number") return number;
  throw invalid(`${place}: ${shown(value)} is not a number`);
}

function textOf(value: unknown, place: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalid(`${place}: ${shown(value)} is not a text`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch (cause) {
    throw new WireloomError("invalid_argument", `the request is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function invalid(message: string): WireloomError {
  return new WireloomError("invalid_argument", message);
}
