import { containsText, createLikeTest, simpleLowerCase } from "./text-match.js";
import { compareNumbers } from "./types/compare.js";
import type { Scalar, SemanticType } from "./types/semantic-type.js";

/** Comparisons of a column with values, as they end a filter parameter's name. */
export type Operator =
  | "eq"
  | "ne"
  | "lt"
  | "lte"
  | "gt"
  | "gte"
  | "in"
  | "like"
  | "contains"
  | "prefix"
  | "cidr"
  | "has"
  | "is_null"
  | "not_in"
  | "not_like"
  | "not_contains"
  | "not_prefix"
  | "not_cidr";

/** Operators that are not the opposite of another one; only they have conditions of their own. */
export type PositiveOperator = Exclude<Operator, "ne" | `not_${string}`>;

/** How the values of a filter are written: one value of the column, several of them, a network, a pattern, `true` or `false`. */
export type OperandForm = "value" | "values" | "network" | "pattern" | "boolean";

/** Whether a value that is not null meets a condition. */
export type ScalarTest = (value: Scalar) => boolean;

/**
 * An operator: everything about it but its condition in SQL (`store/sql/filter-condition.ts`) and its meaning for names
 * (`match-names.ts`). The enum `wireloom.v1.Operator`, the filter parameters, OpenAPI and the table in `docs/api.md` come from these rows.
 */
export interface OperatorRule {
  /** Number in `wireloom.v1.Operator`, from 1. */
  readonly number: number;
  readonly operand: OperandForm;
  /** Words between the column and the value in a description, such as "less than". */
  readonly words: string;
  /** What it finds, for `wireloom.v1.Operator` and the documentation. */
  readonly finds: string;
  /** The operator that it is the opposite of, for rows that have a value. */
  readonly negates?: PositiveOperator;
  /** How other query languages write it; messages about unknown parameters propose the operator for these. */
  readonly synonyms?: readonly string[];
  /** Points that it costs of what a request may cost, by its values. */
  cost?(values: readonly unknown[]): number;
  /** Whether each row's text or list has to be read to its end. */
  readonly isCostly?: boolean;
  /** The test of values of a type; absent for operators that negate another one, and for `is_null`. */
  createTest?(type: SemanticType, values: readonly Scalar[]): ScalarTest;
}

/** Values of an `in` that cost as much as a comparison. */
const VALUES_A_POINT = 50;

const LIST: Pick<OperatorRule, "operand" | "cost"> = {
  operand: "values",
  cost: (values) => Math.ceil(values.length / VALUES_A_POINT),
};

const PATTERN: Pick<OperatorRule, "operand" | "isCostly" | "cost"> = {
  operand: "pattern",
  isCostly: true,
  cost: ([pattern]) => 8 + String(pattern).split("%").length - 1,
};

/** Every operator, in the order of its number. */
export const OPERATORS: Readonly<Record<Operator, OperatorRule>> = {
  eq: {
    number: 1,
    operand: "value",
    words: "equal to",
    finds: "the value",
    synonyms: ["equals", "is", "exact", "iexact"],
    createTest: ordered((order) => order === 0),
  },
  ne: {
    number: 2,
    operand: "value",
    words: "not equal to",
    finds: "other values",
    negates: "eq",
    synonyms: ["neq", "not", "not_eq", "not_equals", "isnt"],
  },
  lt: {
    number: 3,
    operand: "value",
    words: "less than",
    finds: "less than the value",
    synonyms: ["less", "below", "under", "before", "until"],
    createTest: ordered((order) => order < 0),
  },
  lte: {
    number: 4,
    operand: "value",
    words: "at most",
    finds: "at most the value",
    synonyms: ["le", "max", "to"],
    createTest: ordered((order) => order <= 0),
  },
  gt: {
    number: 5,
    operand: "value",
    words: "greater than",
    finds: "greater than the value",
    synonyms: ["greater", "above", "over"],
    createTest: ordered((order) => order > 0),
  },
  gte: {
    number: 6,
    operand: "value",
    words: "at least",
    finds: "at least the value",
    synonyms: ["ge", "min", "from", "after", "since"],
    createTest: ordered((order) => order >= 0),
  },
  in: {
    ...LIST,
    number: 7,
    words: 'one of, separated by commas, "a,b" with a comma inside:',
    finds: "one of up to 1000 values",
    synonyms: ["any", "any_of", "one_of"],
    createTest: (type, values) => (value) => values.some((one) => type.compare(value, one) === 0),
  },
  like: {
    ...PATTERN,
    number: 8,
    words: "matching (% any text, _ one character)",
    finds:
      "texts that match the pattern: `%` any text, `_` one character, `\\` before either of them for the character itself",
    synonyms: ["ilike", "regex", "regexp", "matches", "match", "endswith", "ends_with", "suffix", "glob"],
    createTest: (_, values) => {
      const test = createLikeTest(values[0] as string);
      return (value) => test(value as string);
    },
  },
  contains: {
    number: 9,
    operand: "value",
    words: "containing, without regard to case,",
    finds: "texts with the value anywhere, without regard to case",
    synonyms: ["icontains", "includes", "substring", "search"],
    isCostly: true,
    cost: () => 8,
    createTest: (_, values) => {
      const part = simpleLowerCase(values[0] as string);
      return (value) => containsText(value as string, part);
    },
  },
  prefix: {
    number: 10,
    operand: "value",
    words: "starting with",
    finds: "texts that begin with the value",
    synonyms: ["startswith", "starts_with", "istartswith", "begins_with", "starts"],
    cost: () => 2,
    createTest: (_, values) => (value) => (value as string).startsWith(values[0] as string),
  },
  cidr: {
    number: 11,
    operand: "network",
    words: "in the network",
    finds: "addresses in the network, such as `10.0.0.0/8`",
    synonyms: ["network", "net", "subnet"],
    // Pairs of first and last address.
    createTest: (_, ranges) => (value) => {
      for (let i = 0; i < ranges.length; i += 2) {
        if (compareNumbers(value, ranges[i]!) >= 0 && compareNumbers(value, ranges[i + 1]!) <= 0) return true;
      }
      return false;
    },
  },
  has: {
    number: 12,
    operand: "value",
    words: "holding",
    finds: "lists with the value as an item; flags in which all named bits are set",
    isCostly: true,
    cost: () => 4,
    createTest: (type, values) => (value) => type.has?.(value, values[0]!) ?? false,
  },
  is_null: {
    number: 13,
    operand: "boolean",
    words: "without a value:",
    finds: "`true`: rows without a value; `false`: rows with one",
    synonyms: ["isnull", "null", "missing", "empty", "exists"],
  },
  not_in: {
    ...LIST,
    number: 14,
    words: 'not one of, separated by commas, "a,b" with a comma inside:',
    finds: "none of up to 1000 values",
    negates: "in",
    synonyms: ["nin", "notin", "none_of"],
  },
  not_like: {
    ...PATTERN,
    number: 15,
    words: "not matching (% any text, _ one character)",
    finds: "texts that do not match the pattern",
    negates: "like",
  },
  not_contains: {
    number: 16,
    operand: "value",
    words: "not containing, without regard to case,",
    finds: "texts without the value, without regard to case",
    negates: "contains",
    isCostly: true,
    cost: () => 8,
  },
  not_prefix: {
    number: 17,
    operand: "value",
    words: "not starting with",
    finds: "texts that do not begin with the value",
    negates: "prefix",
    cost: () => 2,
  },
  not_cidr: {
    number: 18,
    operand: "network",
    words: "not in the network",
    finds: "addresses outside the network",
    negates: "cidr",
  },
};

function ordered(meets: (order: number) => boolean): NonNullable<OperatorRule["createTest"]> {
  return (type, values) => {
    const wanted = values[0]!;
    return (value) => meets(type.compare(value, wanted));
  };
}

/** The operators' names, in the order of their numbers. */
export const OPERATOR_NAMES: readonly Operator[] = (Object.keys(OPERATORS) as Operator[]).toSorted(
  (a, b) => OPERATORS[a].number - OPERATORS[b].number,
);

/** Operators of values that have no order that people ask for. */
export const EQUALITY_OPERATORS: readonly Operator[] = ["eq", "ne", "in", "not_in"];

/** Operators of times, which few rows have in common. */
export const TIME_OPERATORS: readonly Operator[] = ["eq", "ne", "lt", "lte", "gt", "gte"];

/** Operators of numbers and texts. */
export const VALUE_OPERATORS: readonly Operator[] = [...TIME_OPERATORS, "in", "not_in"];

/** Operators of a list column: whole lists are not compared, their items are. */
export const LIST_OPERATORS: readonly Operator[] = ["has"];
