import { LIST_OPERATORS, type Operator, SEMANTIC_TYPES } from "../runtime/schema/semantic-type.js";
import type { EventModel, FieldModel } from "./model.js";

/** Operators that a column's filter parameters end in. */
export function operatorsOf({ type, isList, isNullable }: FieldModel): readonly Operator[] {
  const operators = isList ? LIST_OPERATORS : SEMANTIC_TYPES[type].operators;
  return isNullable ? [...operators, "is_null"] : operators;
}

/** True where rows can be put in order by the column. */
export function isOrdered({ type, isList }: FieldModel): boolean {
  return !isList && SEMANTIC_TYPES[type].isOrdered;
}

/** Path templates of an event: one for each field whose annotation names a collection. */
export function pathTemplatesOf(model: EventModel): { template: string; field: FieldModel }[] {
  return model.table.columns
    .filter(({ field }) => field.path !== "")
    .map(({ field }) => ({ template: `/v1/${field.path}/{${field.name}}/${model.resource}`, field }));
}

/** Writes `query.ts`: filters, orderings and path templates as look-up tables. */
export function emitQuery(model: EventModel): string {
  const { columns } = model.table;
  const constant = (field: FieldModel) => `${model.variable}Columns.${field.name}`;
  const filters = columns.flatMap(({ field }) =>
    operatorsOf(field).map(
      (operator) => `    ${field.name}_${operator}: { column: ${constant(field)}, operator: "${operator}" },`,
    ),
  );
  return [
    'import type { Column, EventQuery, Filter } from "../../runtime/schema/event-table.js";',
    `import { ${model.variable}Columns } from "./table.js";`,
    "",
    `/** What queries of \`${model.resource}\` may ask for. */`,
    `export const ${model.variable}Query: EventQuery = {`,
    // An object and not an array of pairs: tsc compares all elements of an array with each other.
    "  filters: new Map(Object.entries<Filter>({",
    ...filters,
    "  })),",
    "  orderings: new Map<string, Column>([",
    ...columns.filter(({ field }) => isOrdered(field)).map(({ field }) => `    ["${field.name}", ${constant(field)}],`),
    "  ]),",
    "  columnsByNumber: new Map<number, Column>([",
    ...columns.map(({ field, fieldNumber }) => `    [${fieldNumber}, ${constant(field)}],`),
    "  ]),",
    "  pathTemplates: [",
    ...pathTemplatesOf(model).map(
      ({ template, field }) =>
        `    { template: "${template}", placeholder: "${field.name}", filter: { column: ${constant(field)}, operator: "eq" } },`,
    ),
    "  ],",
    "};",
    "",
  ].join("\n");
}
