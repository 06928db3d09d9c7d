import { existsSync, readFileSync } from "node:fs";
import type { ColumnModel, EventModel, FieldModel, TableVersion } from "./model.js";
import { lineOf } from "./source-location.js";

/** First service field number of an event's own fields; the observation's are below. */
const OWN_FIELDS = 100;

/** A column as it was first generated. */
interface LockedColumn {
  readonly name: string;
  /** Such as `text`, `list of text` or `uint32 or null`. */
  readonly type: string;
  readonly fieldNumber: number;
  /** Version of the table that the column came with. */
  readonly since: number;
}

/** Every table's columns as earlier generations made them; databases in the field have these. */
export interface SchemaLock {
  readonly tables: Readonly<Record<string, { readonly version: number; readonly columns: readonly LockedColumn[] }>>;
}

/** Reads the lock file; a missing one is an empty lock. Throws a `SyntaxError` for one that was edited to something else. */
export function readSchemaLock(path: string): SchemaLock {
  if (!existsSync(path)) return { tables: {} };
  const lock = JSON.parse(readFileSync(path, "utf8")) as Partial<SchemaLock> | null;
  if (typeof lock?.tables !== "object") throw new SyntaxError('has no object "tables"');
  return { tables: lock.tables };
}

/** The lock of what is generated now. */
export function lockSchema(events: readonly EventModel[]): SchemaLock {
  const tables = events.map(({ resource, table }) => {
    const columns = table.columns.map(({ field, fieldNumber, since }) => ({
      name: field.name,
      type: describeType(field),
      fieldNumber,
      since,
    }));
    return [resource, { version: table.version, columns }] as const;
  });
  return { tables: Object.fromEntries(tables) };
}

/**
 * Puts a table's columns in the order that every database has them in: by version, then as declared. Columns that the lock does
 * not know make one new version; a column that left or changed its type or number is reported, with what to do about a table that was
 * never released.
 */
export function versionTable(
  resource: string,
  observed: readonly FieldModel[],
  own: readonly FieldModel[],
  lock: SchemaLock,
  report: (line: number, message: string) => void,
  tableLine: number,
): TableVersion {
  let isRefused = false;
  const refuse = (line: number, message: string) => {
    isRefused = true;
    report(line, message);
  };
  const locked = lock.tables[resource];
  const lockedColumns = new Map(locked?.columns.map((column) => [column.name, column]));
  const declared = [
    ...observed.map((field) => ({ field, isObserved: true, fieldNumber: field.number })),
    ...own.map((field) => ({ field, isObserved: false, fieldNumber: OWN_FIELDS + field.number })),
  ];
  const names = new Set(declared.map(({ field }) => field.name));
  for (const { name } of lockedColumns.values()) {
    if (!names.has(name)) {
      refuse(
        tableLine,
        `field ${name} was removed, and databases have its column (generated/schema.lock.json); keep the field, or give the event a new resource name`,
      );
    }
  }

  const nextVersion = (locked?.version ?? 0) + 1;
  let hasAdded = false;
  const columns: ColumnModel[] = declared.map((column) => {
    const before = lockedColumns.get(column.field.name);
    if (before === undefined) {
      hasAdded = true;
      return { ...column, since: nextVersion };
    }
    const type = describeType(column.field);
    if (before.type !== type) {
      refuse(
        lineOf(column.field.desc),
        `field ${column.field.name} was ${before.type} and is now ${type} (generated/schema.lock.json); add a field of a new name instead`,
      );
    } else if (before.fieldNumber !== column.fieldNumber) {
      refuse(
        lineOf(column.field.desc),
        `field ${column.field.name} had number ${before.fieldNumber % OWN_FIELDS} (generated/schema.lock.json); keep a field's number`,
      );
    }
    return { ...column, since: before.since };
  });
  if (isRefused) {
    report(
      tableLine,
      `if ${resource} was never released, delete the member "${resource}" of "tables" in generated/schema.lock.json, and databases of your own trials, and generate again`,
    );
  }
  return {
    version: hasAdded ? nextVersion : (locked?.version ?? 1),
    columns: columns.toSorted((a, b) => a.since - b.since),
  };
}

function describeType({ type: semantic, isList, isNullable }: FieldModel): string {
  // Flags are numbers whose bits have names, which may be given at any time.
  const type = semantic === "flags" ? "uint32" : semantic;
  if (isList) return `list of ${type}`;
  return isNullable ? `${type} or null` : type;
}
