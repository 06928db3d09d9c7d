/** Comparisons of a column with values, as they end a filter parameter's name. */
export const OPERATORS = [
  "eq",
  "ne",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "like",
  "contains",
  "prefix",
  "cidr",
  "has",
  "is_null",
  "not_in",
  "not_like",
  "not_contains",
  "not_prefix",
  "not_cidr",
] as const;

export type Operator = (typeof OPERATORS)[number];

/** The operator that a negated one is the opposite of, for rows that have a value. */
export const POSITIVE_OPERATORS: Readonly<Partial<Record<Operator, Operator>>> = {
  ne: "eq",
  not_in: "in",
  not_like: "like",
  not_contains: "contains",
  not_prefix: "prefix",
  not_cidr: "cidr",
};

/** What a value means; it alone decides column type, filter operators, JSON form and random data. */
export type SemanticTypeName =
  | "bool"
  | "uint32"
  | "int32"
  | "uint64"
  | "int64"
  | "double"
  | "enum"
  | "port"
  | "timestamp"
  | "duration"
  | "ip"
  | "mac"
  | "uuid"
  | "flags"
  | "text"
  | "bytes";

/** How a batch holds a column's values; see `runtime/record/columns.ts`. */
export type PhysicalKind = "u8" | "u16" | "u32" | "i32" | "f64" | "word2" | "word4" | "slice";

/** A semantic type's row in the table that every generator and the query side read. */
export interface SemanticType {
  readonly physical: PhysicalKind;
  /** Operators of a scalar column, without `is_null`, which every nullable column has besides. */
  readonly operators: readonly Operator[];
  /** True where rows can be put in order by it. */
  readonly isOrdered: boolean;
  /** JSON Schema of a value as the API writes it. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** How a filter value is written, for messages and documentation. */
  readonly valueForm: string;
}

const EQUALITY = ["eq", "ne", "in", "not_in"] as const;
const ORDER = ["eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in"] as const;

function numeric(physical: PhysicalKind, valueForm: string): SemanticType {
  return { physical, operators: ORDER, isOrdered: true, jsonSchema: { type: "integer" }, valueForm };
}

/** Every semantic type. */
export const SEMANTIC_TYPES: Readonly<Record<SemanticTypeName, SemanticType>> = {
  bool: {
    physical: "u8",
    operators: ["eq", "ne"],
    isOrdered: true,
    jsonSchema: { type: "boolean" },
    valueForm: "true or false",
  },
  uint32: numeric("u32", "a whole number from 0 to 4294967295"),
  int32: numeric("i32", "a whole number from -2147483648 to 2147483647"),
  uint64: numeric("word2", "a whole number from 0 to 18446744073709551615"),
  int64: numeric("word2", "a whole number from -9223372036854775808 to 9223372036854775807"),
  double: {
    ...numeric("f64", "a number"),
    jsonSchema: { type: "number" },
  },
  enum: {
    physical: "i32",
    operators: EQUALITY,
    isOrdered: true,
    jsonSchema: { type: "string" },
    valueForm: "a name or a number",
  },
  port: numeric("u16", "a whole number from 0 to 65535"),
  timestamp: {
    physical: "word2",
    operators: ["eq", "ne", "lt", "lte", "gt", "gte"],
    isOrdered: true,
    jsonSchema: { type: "string", format: "date-time" },
    valueForm:
      "a time up to 2262-04-11T23:47:16Z, such as 2026-01-31T12:00:00Z, 2026-01-31, 1769860800 (seconds since the epoch), now-15m or today",
  },
  duration: {
    physical: "word2",
    operators: ["eq", "ne", "lt", "lte", "gt", "gte"],
    isOrdered: true,
    jsonSchema: { type: "string", pattern: "^-?[0-9]+(\\.[0-9]{1,9})?s$" },
    valueForm: "a duration such as 1.5s, 20ms, 300us, 40ns or 1h30m; a number alone is seconds",
  },
  ip: {
    physical: "word4",
    operators: [...EQUALITY, "cidr", "not_cidr"],
    isOrdered: true,
    jsonSchema: { type: "string", anyOf: [{ format: "ipv4" }, { format: "ipv6" }] },
    valueForm: "an IPv4 or IPv6 address; for cidr a network such as 10.0.0.0/8",
  },
  mac: {
    physical: "word2",
    operators: EQUALITY,
    isOrdered: true,
    jsonSchema: { type: "string", pattern: "^([0-9a-f]{2}:){5}[0-9a-f]{2}$" },
    valueForm: "a MAC address such as 02:00:5e:10:00:01",
  },
  uuid: {
    physical: "word4",
    operators: EQUALITY,
    isOrdered: true,
    jsonSchema: { type: "string", format: "uuid" },
    valueForm: "a UUID",
  },
  flags: {
    ...numeric("u32", "names of bits, such as SYN or SYN,ACK, or a whole number from 0 to 4294967295"),
    operators: [...EQUALITY, "has"],
  },
  text: {
    physical: "slice",
    operators: [...ORDER, "like", "not_like", "contains", "not_contains", "prefix", "not_prefix"],
    isOrdered: true,
    jsonSchema: { type: "string" },
    valueForm: "a text",
  },
  bytes: {
    physical: "slice",
    operators: EQUALITY,
    isOrdered: false,
    jsonSchema: { type: "string", pattern: "^([0-9a-f]{2})*$" },
    valueForm: "hexadecimal digits",
  },
};

/** Operators of a list column: whole lists are not compared, their items are. */
export const LIST_OPERATORS: readonly Operator[] = ["has"];
