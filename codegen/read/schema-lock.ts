import { existsSync, readFileSync } from "node:fs";
import { ts } from "ts-morph";
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

/** A marker that git writes in a file with a merge conflict. */
const MERGE_CONFLICT = /^(<{7}|\|{7}|={7}|>{7})( |\r?$)/;

/** A lock file that cannot be read, with the line to correct. */
export class InvalidLock extends Error {
  readonly line: number;

  constructor(line: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.line = line;
  }
}

/** Reads a lock file; a missing file is an empty lock. Throws an {@link InvalidLock} if the file cannot be read, or has another form. */
export function readSchemaLock(path: string): SchemaLock {
  if (!existsSync(path)) return { tables: {} };
  const text = readLockFile(path);
  const lock = parseLock(text);
  const fail = (message: string): never => {
    throw new InvalidLock(1, `cannot be read: ${message}; repair it, or restore it from the last commit`);
  };
  if (!isRecord(lock?.tables)) return fail('it has no object "tables"');
  for (const [table, columns] of Object.entries(lock.tables)) {
    if (!isRecord(columns)) return fail(`${table} is not an object`);
    for (const [name, column] of Object.entries(columns)) {
      const { type, number, order } = (column ?? {}) as Partial<LockedColumn>;
      if (typeof type !== "string" || !Number.isInteger(number) || !Number.isInteger(order))
        return fail(`the column ${table}.${name} has no type, number and order`);
    }
  }
  return { tables: lock.tables };
}

function readLockFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { message } = cause as Error;
    const problem = `cannot be read: ${message}; make it a readable file, or restore it from the last commit`;
    throw new InvalidLock(1, problem, { cause });
  }
}

function parseLock(text: string): Partial<SchemaLock> | null {
  const conflict = text.split("\n").findIndex((line) => MERGE_CONFLICT.test(line));
  if (conflict !== -1) {
    const remedy = "keep the columns of both sides, each once, remove the lines with markers, and run npm run generate";
    throw new InvalidLock(conflict + 1, `has a merge conflict; ${remedy}`);
  }
  try {
    return JSON.parse(text) as Partial<SchemaLock> | null;
  } catch (cause) {
    const { message } = cause as Error;
    // V8 quotes a part of the text, with its line ends.
    const problem = `cannot be read: ${message.replaceAll(/\s+/g, " ")}; repair it, or restore it from the last commit`;
    throw new InvalidLock(lineOfJsonError(text), problem, { cause });
  }
}

/** The line of a syntax error in JSON: only some messages of `JSON.parse` have its position. */
function lineOfJsonError(text: string): number {
  const { error } = ts.parseConfigFileTextToJson("", text);
  return text.slice(0, error?.start ?? text.trimEnd().length).split("\n").length;
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
      const number = numberInMessage(before.number, column.group !== undefined);
      refuse(field, `field ${field.name} had number ${number} (${lockPath}); keep a field's number`);
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

/** Maximum number of a group in an event: numbers of enum values are below 2^31. */
export const MAX_GROUP_NUMBER = 2 ** 31 / GROUP_NUMBERS - 1;

/** Field number in its message, from the number in the service's field enum. */
function numberInMessage(fieldNumber: number, isOfGroup: boolean): number {
  return isOfGroup ? fieldNumber % GROUP_NUMBERS : fieldNumber - FIRST_OWN_NUMBER;
}

function describeType({ type: semantic, isList, isNullable }: FieldModel): string {
  // Flags are numbers with named bits; bits may be named at any time.
  const type = semantic === "flags" ? "uint32" : semantic;
  if (isList) return `list of ${type}`;
  return isNullable ? `${type} or null` : type;
}
