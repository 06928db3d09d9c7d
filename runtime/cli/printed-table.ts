import type { Column, EventTable } from "../schema/event-table.js";
import { fieldNames } from "../schema/field-names.js";
import { describeNearest } from "../schema/nearest-name.js";
import type { Row } from "../schema/value.js";
import { WireloomError } from "../wireloom-error.js";
import { columnRanks } from "./column-ranks.js";
import { describeEachOwner, describeOwners } from "./describe-owners.js";
import type { RowReader } from "./row-reader.js";

/** Name of the key and of the field with the protocol of a row. */
export const PROTOCOL_FIELD = "protocol";

const PROTOCOL_COLUMN: Column = {
  name: PROTOCOL_FIELD,
  type: "text",
  isList: false,
  isNullable: false,
  enumValues: [],
  title: "Protocol",
  description: "Name of the protocol",
  wireshark: [],
  isListed: true,
  annotation: {},
  fieldNumber: 0,
  messagePath: [],
};
const PROTOCOL_INDEX = -1;

/** The columns of one protocol that are printed, in their order. */
export interface PrintedTable {
  readonly table: EventTable;
  readonly columns: readonly Column[];
  /** Index of each of {@link columns} in the table; -1 for the protocol's name. */
  readonly indexes: readonly number[];
  /** Which of {@link columns} are omitted first in a narrow terminal: those of the highest number, the last one of it first. */
  readonly ranks: readonly number[];
  /** Whether the protocol's name is one of {@link columns}. */
  readonly hasProtocol: boolean;
}

/** Prints the columns that `isPrinted` selects, in the table's order. */
export function printColumns(table: EventTable, isPrinted: (column: Column) => boolean): PrintedTable {
  const indexes = [...table.columns.keys()].filter((index) => isPrinted(table.columns[index]!));
  const columns = indexes.map((index) => table.columns[index]!);
  return { table, columns, indexes, ranks: columnRanks(columns), hasProtocol: false };
}

/**
 * Prints the columns of `--fields`, in the given order. A protocol of `tables` without one of them is omitted; if it was requested
 * by name, that is an error, which lists the protocols of `all` that have it. Names are case-insensitive. Throws `usage`.
 */
export function printFields(
  tables: readonly EventTable[],
  all: readonly EventTable[],
  fields: readonly string[],
  isAskedFor: boolean,
): PrintedTable[] {
  const repeated = fields.find((name, i) => fields.indexOf(name) < i);
  if (repeated !== undefined) throw new WireloomError("usage", `--fields: ${repeated} is given twice`);
  const lacks = (table: EventTable) => fields.find((name) => name !== PROTOCOL_FIELD && indexOf(table, name) === -1);
  const printed = tables.filter((table) => lacks(table) === undefined);
  const lacking = tables.find((table) => lacks(table) !== undefined);
  if (lacking !== undefined && (isAskedFor || printed.length === 0))
    throw unknownField(tables, all, fields, isAskedFor, lacking, lacks);
  return printed.map((table) => {
    const indexes = fields.map((name) => (name === PROTOCOL_FIELD ? PROTOCOL_INDEX : indexOf(table, name)));
    const columns = indexes.map((index) => table.columns[index] ?? PROTOCOL_COLUMN);
    return { table, columns, indexes, ranks: columns.map(() => 0), hasProtocol: indexes.includes(PROTOCOL_INDEX) };
  });
}

/** The printed values of the reader's row. */
export function printedValues({ table, indexes, hasProtocol }: PrintedTable, reader: RowReader): Row {
  if (!hasProtocol) return reader.values(indexes);
  return indexes.map((index) => (index === PROTOCOL_INDEX ? table.resource : reader.value(index)));
}

function indexOf(table: EventTable, name: string): number {
  return table.columns.findIndex((column) => column.name === name);
}

function unknownField(
  tables: readonly EventTable[],
  all: readonly EventTable[],
  fields: readonly string[],
  isAskedFor: boolean,
  lacking: EventTable,
  lacks: (table: EventTable) => string | undefined,
): WireloomError {
  const refuse = (message: string) => new WireloomError("usage", `--fields: ${message}`);
  const ownersOf = (name: string) => all.filter((table) => indexOf(table, name) !== -1).map(({ resource }) => resource);
  const nowhere = fields.find((name) => name !== PROTOCOL_FIELD && ownersOf(name).length === 0);
  if (nowhere !== undefined) {
    const known = fieldNames(tables.flatMap(({ columns }) => columns));
    const isOne = tables.length === 1;
    const who = isOne ? `${lacking.resource} has no` : "no protocol has a";
    const where = `wireloom plugins ${isOne ? lacking.resource : "<protocol>"} shows all fields`;
    return refuse(`${who} field "${nowhere}"; ${describeNearest(nowhere, known)}; ${where}`);
  }
  if (!isAskedFor) {
    const named = fields.filter((name) => name !== PROTOCOL_FIELD);
    const who = tables.length === all.length ? "no protocol" : "no protocol that has the filters";
    return refuse(`${who} has all of the fields ${describeEachOwner(named, ownersOf)}`);
  }
  const name = lacks(lacking)!;
  const selected = tables.map(({ resource }) => resource);
  return refuse(`${lacking.resource} has no field "${name}"; ${describeOwners(ownersOf(name), selected)}`);
}
