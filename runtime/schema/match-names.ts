import type { Comparison } from "./event-table.js";
import { comparisonKey, foldName, hostKey, hostSet, nameKey, namePattern } from "./name-comparison.js";
import type { PositiveOperator } from "./operators.js";
import { compareText, createLikeTest, simpleLowerCase } from "./text-match.js";

/**
 * Whether a text of a column that is compared as a name meets a condition; the store's `nameCondition` has the same result.
 * Throws an error for an operator that texts do not have.
 */
export function createNameTest(
  comparison: Comparison,
  operator: PositiveOperator,
  values: readonly string[],
): (text: string) => boolean {
  const wanted = values[0]!;
  switch (operator) {
    case "prefix": {
      const prefix = foldName(wanted);
      // With a final dot it is the whole name.
      const whole = prefix.endsWith(".") ? prefix.slice(0, -1) : undefined;
      return (text) => foldName(text).startsWith(prefix) || foldName(text) === whole;
    }
    case "contains": {
      const part = simpleLowerCase(wanted);
      const ending = part.endsWith(".") ? part.slice(0, -1) : undefined;
      return (text) => {
        const lower = simpleLowerCase(text);
        return lower.includes(part) || (ending !== undefined && lower.endsWith(ending));
      };
    }
    case "like": {
      const test = createLikeTest(namePattern(wanted));
      return (text) => test(comparisonKey(comparison, text));
    }
    case "lt":
    case "lte":
    case "gt":
    case "gte": {
      const key = comparisonKey(comparison, wanted);
      return (text) => isInOrder(operator, compareText(comparisonKey(comparison, text), key));
    }
    case "eq":
    case "in":
    case "has":
      return comparison === "name" ? oneOfNames(values) : oneOfHosts(values);
    case "cidr":
    case "is_null":
      throw new Error(`names are not compared by ${operator}`);
  }
}

function oneOfNames(values: readonly string[]): (text: string) => boolean {
  const keys = new Set(values.map(nameKey));
  return (text) => keys.has(nameKey(text));
}

function oneOfHosts(values: readonly string[]): (text: string) => boolean {
  const { names, withPorts } = hostSet(values);
  return (text) => {
    const { name, port } = hostKey(text);
    return names.includes(name) || withPorts.includes(name + port);
  };
}

function isInOrder(operator: "lt" | "lte" | "gt" | "gte", order: number): boolean {
  if (operator === "lt") return order < 0;
  if (operator === "lte") return order <= 0;
  return operator === "gt" ? order > 0 : order >= 0;
}
