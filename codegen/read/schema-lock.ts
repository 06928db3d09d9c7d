import { existsSync, readFileSync } from "node:fs";
import type { FieldModel } from "../model/field-model.js";
import type { ColumnModel, TableModel } from "../model/table-model.js";

/** A column as it was first generated. */
export interface LockedColumn {
  /** Such as `text`, `list of text` or `uint32 or null`. */
  readonly type: string;
  /** Number in the service's field enum. */
  readonly number: number;
  /** Position among the table's columns; a later column has a greater one than all existing columns. */
  readonly order: number;
}

/**
 * The columns that databases may have: by table, then by column. Each plugin has such a file next to its proto. Each column is on its own
 * line, sorted by name, so that branches which each add a column can be merged.
 */
export interface SchemaLock {
  readonly tables: Readonly<Record<string, Readonly<Record<string, LockedColumn>>>>;
}

/** Name of a plugin's lock file. */
export const LOCK_FILE = "schema.lock.json";

/** Reads a lock file; a missing file is an empty lock. Throws a `SyntaxError` if the file was edited to another form. */
export function readSchemaLock(path: string): SchemaLock {
  if (!existsSync(path)) return { tables: {} };
  const lock = JSON.parse(readFileSync(path, "utf8")) as Partial<SchemaLock> | null;
  if (!isRecord(lock?.tables)) throw new SyntaxError('it has no object "tables"');
  for (const [table, columns] of Object.entries(lock.tables)) {
    if (!isRecord(columns)) throw new SyntaxError(`${table} is not an object`);
    for (const [name, column] of Object.entries(columns)) {
      const { type, number, order } = (column ?? {}) as Partial<LockedColumn>;
      if (typeof type !== "string" || !Number.isInteger(number) || !Number.isInteger(order))
        throw new SyntaxError(`the column ${table}.${name} has no type, number and order`);
    }
  }
  return { tables: lock.tables };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text of a lock file: its previous columns, and the table as it is generated now. */
export function formatSchemaLock({ tables }: SchemaLock, table: TableModel): string {
  const locked = { ...tables, [table.name]: lockTable(table) };
  const blocks = Object.entries(locked)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, columns]) => {
      const lines = Object.entries(columns)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([column, { type, number, order }]) => {
          const members = `"type": ${JSON.stringify(type)}, "number": ${number}, "order": ${order}`;
          return `      ${JSON.stringify(column)}: { ${members} }`;
        });
      return `    ${JSON.stringify(name)}: {\n${lines.join(",\n")}\n    }`;
    });
  return `{\n  "tables": {\n${blocks.join(",\n")}\n  }\n}\n`;
}

function lockTable({ columns }: TableModel): Record<string, LockedColumn> {
  return Object.fromEntries(
    columns.map(({ field, fieldNumber, order }) => [
      field.name,
      { type: describeType(field), number: fieldNumber, order },
    ]),
  );
}

/** Reports a mistake at a field, or at the table if the field is undefined. */
export type LockReporter = (field: FieldModel | undefined, message: string) => void;

/**
 * Sorts the columns of a table in the order of the lock; new columns follow in the order of declaration. Reports a column that was removed,
 * or whose type or number changed, with the remedy for a table that was never released.
 */
export function orderColumns(
  table: string,
  declared: readonly Omit<ColumnModel, "order">[],
  lock: SchemaLock,
  lockPath: string,
  report: LockReporter,
): ColumnModel[] {
  const locked = lock.tables[table] ?? {};
  let isRefused = false;
  const refuse = (field: FieldModel | undefined, message: string) => {
    isRefused = true;
    report(field, message);
  };
  const names = new Set(declared.map(({ field }) => field.name));
  for (const name of Object.keys(locked)) {
    if (names.has(name)) continue;
    refuse(
      undefined,
      `field ${name} was removed, but databases have its column (${lockPath}); keep the field, or give the event a new resource name`,
    );
  }
  let next = Math.max(0, ...Object.values(locked).map(({ order }) => order)) + 1;
  const columns = declared.map((column): ColumnModel => {
    const { field, fieldNumber } = column;
    const before = Object.hasOwn(locked, field.name) ? locked[field.name] : undefined;
    if (before === undefined) return { ...column, order: next++ };
    const type = describeType(field);
    if (before.type !== type) {
      refuse(
        field,
        `field ${field.name} was ${before.type} and is now ${type} (${lockPath}); add a field of a new name instead`,
      );
    } else if (before.number !== fieldNumber) {
      refuse(
        field,
        `field ${field.name} had number ${numberInMessage(before.number)} (${lockPath}); keep a field's number`,
      );
    }
    return { ...column, order: before.order };
  });
  if (isRefused) {
    report(
      undefined,
      `if ${table} was never released, delete the member "${table}" of "tables" in ${lockPath}, and databases of your own trials, and generate again`,
    );
  }
  // Merged branches may have given two columns the same position.
  return columns.toSorted((a, b) => a.order - b.order || (a.field.name < b.field.name ? -1 : 1));
}

/** First number in the service's field enum of an event's own fields; those of the observation have lower numbers. */
export const FIRST_OWN_NUMBER = 100;

/** Distance in the service's field enum between consecutive group numbers in an event. */
export const GROUP_NUMBERS = 65_536;

/** Field number in its message, from the number in the service's field enum. */
function numberInMessage(fieldNumber: number): number {
  if (fieldNumber >= GROUP_NUMBERS) return fieldNumber % GROUP_NUMBERS;
  return fieldNumber >= FIRST_OWN_NUMBER ? fieldNumber - FIRST_OWN_NUMBER : fieldNumber;
}

function describeType({ type: semantic, isList, isNullable }: FieldModel): string {
  // Flags are numbers with named bits; bits may be named at any time.
  const type = semantic === "flags" ? "uint32" : semantic;
  if (isList) return `list of ${type}`;
  return isNullable ? `${type} or null` : type;
}
