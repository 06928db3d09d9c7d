import { OPERATOR_NAMES } from "../../runtime/schema/operators.js";
import type { FieldModel } from "../model/field-model.js";
import { camelCase } from "../names.js";

/** Members of the generated record and column classes, in the form of field names. */
const CLASS_MEMBERS = new Set(["observation", "has_overflowed", "reset", "redact", "bytes", "columns", "row_count"]);

/** Query parameters, members of responses, the key of printed rows, and the zero value of the service's field enum. */
const PARAMETERS = new Set([
  "order_by",
  "page_size",
  "page_token",
  "fields",
  "count",
  "csv_safe",
  "limit",
  "format",
  "data",
  "rowid",
  "protocol",
  "unspecified",
]);

/** Why a field, or a group that an event includes, cannot have a name, with a remedy; undefined for a valid name. */
export function fieldNameProblem(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) return "a field's name must be in snake_case, such as query_name";
  return refusedName(name);
}

/** Why a field cannot have a name, with a remedy; undefined for a valid name. */
function refusedName(name: string): string | undefined {
  if (CLASS_MEMBERS.has(name) || name in Object.prototype || camelCase(name) in Object.prototype)
    return `the name is reserved: generated classes have a member of this name; rename it, for example to ${name}_value`;
  if (PARAMETERS.has(name))
    return `the name is reserved: every row already has such a column or parameter; rename it, for example to ${name}_value`;
  return undefined;
}

/**
 * The first two fields of a table that share a filter parameter, such as `size_not_in`, which is `in` of a field `size_not` and
 * `not_in` of `size`; undefined if all parameters differ.
 */
export function sharedParameter(
  fields: readonly FieldModel[],
): { readonly first: FieldModel; readonly second: FieldModel; readonly parameter: string } | undefined {
  const owners = new Map<string, FieldModel>();
  for (const field of fields) {
    for (const operator of OPERATOR_NAMES) {
      const parameter = `${field.name}_${operator}`;
      const first = owners.get(parameter);
      if (first !== undefined) return { first, second: field, parameter };
      owners.set(parameter, field);
    }
  }
  return undefined;
}
