import type { Column, Comparison, EnumValue } from "./event-table.js";
import type { FieldAnnotation } from "./field-annotation.js";
import type { SemanticTypeName } from "./semantic-types.js";

/** A column in generated code; absent members are false, empty, or derived from the name. */
export interface ColumnStatement {
  /** Number of the field in its message. */
  readonly number: number;
  readonly type: SemanticTypeName;
  readonly isList?: true;
  readonly isNullable?: true;
  readonly enumValues?: readonly EnumValue[];
  /** The proto comment, in one line. */
  readonly description?: string;
  readonly annotation?: FieldAnnotation;
  /** Options of other projects, by the full name of their extension. */
  readonly foreignAnnotations?: Readonly<Record<string, unknown>>;
  /** Property of the message, if it is not the name in camelCase. */
  readonly property?: string;
}

/** Position of columns in their event's message. */
export interface ColumnPlace {
  /** Property of the event that holds the message with the fields; undefined for the event itself. */
  readonly property?: string;
  /** Number in the service's field enum of a field 0. */
  readonly firstNumber: number;
}

/** By the name of `wireloom.v1.Comparison`. */
const COMPARISONS: Readonly<Record<string, Comparison>> = { COMPARISON_NAME: "name", COMPARISON_HOST: "host" };

/** The columns of a message's fields, by name. */
export function defineColumns<Name extends string>(
  place: ColumnPlace,
  statements: Readonly<Record<Name, ColumnStatement>>,
): Readonly<Record<Name, Column>> {
  const entries = Object.entries<ColumnStatement>(statements);
  const columns = entries.map(([name, statement]) => [name, defineColumn(name, place, statement)]);
  // The entries' names are those of the statements.
  return Object.fromEntries(columns) as Record<Name, Column>;
}

function defineColumn(name: string, place: ColumnPlace, statement: ColumnStatement): Column {
  const { annotation = {}, foreignAnnotations, property = camelCase(name) } = statement;
  const comparison = COMPARISONS[annotation.compare ?? ""];
  return {
    name,
    type: statement.type,
    isList: statement.isList ?? false,
    isNullable: statement.isNullable ?? false,
    enumValues: statement.enumValues ?? [],
    title: annotation.title ?? titleOf(name),
    description: statement.description ?? "",
    wireshark: annotation.wireshark?.split(",").map((field) => field.trim()) ?? [],
    ...(comparison === undefined ? {} : { comparison }),
    isListed: annotation.list ?? false,
    annotation,
    ...(foreignAnnotations === undefined ? {} : { foreignAnnotations }),
    fieldNumber: place.firstNumber + statement.number,
    messagePath: place.property === undefined ? [property] : [place.property, property],
  };
}

/** `query_name` → `queryName`. */
export function camelCase(snake: string): string {
  return snake.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `query_name` → `Query name`. */
export function titleOf(snake: string): string {
  const words = snake.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
