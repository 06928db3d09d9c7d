import type { EventRecord } from "../../plugin/event-record.js";
import { ByteSlot } from "../../record/byte-slot.js";
import { ByteList, NumberList } from "../../record/lists.js";
import { Timestamp } from "../../record/timestamp.js";
import type { Column, EventTable } from "../../schema/event-table.js";
import { WireloomError } from "../../wireloom-error.js";
import { keyedHash, maskOf, prefixOf, redactSlot, type ValueRedaction } from "./redact-slot.js";
import { REDACTION_ACTIONS, type RedactionAction, type RedactionOptions } from "./redaction-action.js";

/** Column with a hash of addresses and ports that anyone can compute, and the columns that it is computed from. */
const COMMUNITY_ID = "community_id";
const HASHED_ADDRESSES = ["src_address", "dst_address"];

/** A record as the properties that columns refer to. */
type Properties = Record<string, unknown>;

/** Redacts one column of a record; returns whether it changed the value. */
type ColumnRedaction = (record: Properties) => boolean;

/** Redacts the records of one event, before they are encoded as rows. */
export class Redactor {
  /** Whether values of the observation are redacted, too. */
  readonly changesObservation: boolean;
  readonly #redactions: readonly ColumnRedaction[];
  /** Of columns whose credentials are masked, before another action or alone. */
  readonly #masks: readonly ColumnRedaction[];
  /** Property of the field that marks a row as redacted. */
  readonly #mark: string | undefined;

  private constructor(columns: ReadonlyMap<Column, RedactionAction>, key: Uint8Array, mark: Column | undefined) {
    this.changesObservation = [...columns.keys()].some(({ messagePath }) => messagePath[0] === "observation");
    this.#redactions = [...columns].map(([column, action]) => columnRedaction(column, action, key));
    const masked = [...columns].filter(([column, action]) => action === "mask" || isMaskedFirst(column, action));
    this.#masks = masked.map(([column]) => columnRedaction(column, "mask", key));
    this.#mark = mark?.messagePath[0];
  }

  /**
   * The redactor of an event; undefined if none of its fields is redacted. Throws a {@link WireloomError} `usage` for an action that is not
   * valid for a column's type.
   */
  static of(table: EventTable, options: RedactionOptions): Redactor | undefined {
    const actions = new Map<Column, RedactionAction>();
    for (const column of table.columns) {
      const action = actionOf(table, column, options.actions);
      if (action !== "keep") actions.set(column, action);
    }
    hideCommunityId(table, actions, options.actions);
    if (actions.size === 0) return undefined;
    const mark = table.columns.find(({ annotation }) => annotation.marksRedaction === true);
    return new Redactor(actions, options.key ?? PROCESS_KEY, mark);
  }

  /** Redacts the values of a record. */
  redact(record: EventRecord): void {
    this.#apply(this.#redactions, record);
  }

  /**
   * Masks credentials in a record that is encoded to wait for the rest of its row, and then redacted. The encoded record no longer shows
   * whether a value was truncated, and has replacements for bytes that are not UTF-8: both may hide where a credential ends.
   */
  mask(record: EventRecord): void {
    this.#apply(this.#masks, record);
  }

  #apply(redactions: readonly ColumnRedaction[], record: EventRecord): void {
    // A record has the properties that its table's columns name.
    const properties = record as unknown as Properties;
    let isRedacted = false;
    for (const redaction of redactions) if (redaction(properties)) isRedacted = true;
    if (isRedacted && this.#mark !== undefined) properties[this.#mark] = true;
  }
}

/** Key of keyed hashes if the user does not give one: hashes of different runs are not comparable. */
const PROCESS_KEY: Uint8Array = crypto.getRandomValues(new Uint8Array(32));

function actionOf({ resource }: EventTable, column: Column, actions: RedactionOptions["actions"]): RedactionAction {
  const declared = declaredAction(column);
  const ofColumn = actions.get(`${resource}.${column.name}`) ?? actions.get(column.name);
  const chosen = ofColumn ?? (column.annotation.sensitive === undefined ? undefined : actions.get(resource));
  if (chosen === undefined) return declared;
  // Only texts have credentials: of a whole resource, the other sensitive fields do not need to be masked.
  if (chosen === "mask" && ofColumn === undefined && column.type !== "text") return declared;
  if (!isPossible(column, chosen)) {
    throw new WireloomError(
      "usage",
      `${resource}.${column.name} is ${column.isList ? "a list of " : ""}${column.type}, for which ${chosen} is not possible; choose ${possibleActions(column).join(", ")}`,
    );
  }
  return chosen;
}

function declaredAction({ annotation }: Column): RedactionAction {
  const name = String(annotation.sensitive ?? "SENSITIVITY_KEEP")
    .replace("SENSITIVITY_", "")
    .toLowerCase();
  return REDACTION_ACTIONS.find((action) => action === name) ?? "keep";
}

/** Valid redaction actions of a column. */
function possibleActions(column: Column): RedactionAction[] {
  return REDACTION_ACTIONS.filter((action) => isPossible(column, action));
}

function isPossible({ type, name, messagePath, annotation }: Column, action: RedactionAction): boolean {
  // The id and time of the row itself cannot be redacted, nor can the mark of redacted rows.
  const isFixed = messagePath.length > 1 && (name === "id" || name === "time");
  if (isFixed || annotation.marksRedaction === true) return action === "keep";
  switch (action) {
    case "hash":
      return type === "text" || type === "bytes" || type === "ip" || type === "mac";
    case "prefix":
      return type === "text" || type === "ip";
    case "mask":
      return type === "text";
    default:
      return true;
  }
}

/** The addresses of a Community ID can be found by trying all of them: it is hashed if one of them is redacted. */
function hideCommunityId(
  { resource, columns }: EventTable,
  actions: Map<Column, RedactionAction>,
  chosen: RedactionOptions["actions"],
): void {
  const id = columns.find(({ name }) => name === COMMUNITY_ID);
  if (id === undefined || chosen.has(COMMUNITY_ID) || chosen.has(`${resource}.${COMMUNITY_ID}`)) return;
  if ([...actions.keys()].some(({ name }) => HASHED_ADDRESSES.includes(name))) actions.set(id, "hash");
}

function columnRedaction(column: Column, action: RedactionAction, key: Uint8Array): ColumnRedaction {
  const [first, second] = column.messagePath as [string, string | undefined];
  const property = second ?? first;
  const holderOf = (record: Properties) => (second === undefined ? record : (record[first] as Properties));
  if (action === "drop") return (record) => drop(holderOf(record), property, column);
  const redact = valueRedaction(column, action, key);
  const slotOf = (record: Properties) => holderOf(record)[property] as ByteSlot | ByteList;
  if (!isMaskedFirst(column, action)) return (record) => redactSlot(slotOf(record), redact);
  const mask = maskOf(column);
  return (record) => {
    const isMasked = redactSlot(slotOf(record), mask);
    return redactSlot(slotOf(record), redact) || isMasked;
  };
}

/** Whether a column is masked before its action: the beginning of a value may be a credential. */
function isMaskedFirst(column: Column, action: RedactionAction): boolean {
  return action === "prefix" && declaredAction(column) === "mask";
}

function valueRedaction(column: Column, action: RedactionAction, key: Uint8Array): ValueRedaction {
  if (action === "hash") return keyedHash(column, key);
  return action === "prefix" ? prefixOf(column) : maskOf(column);
}

/** Sets a value to null, or to its zero value if the column is not nullable; returns whether it changed. */
function drop(holder: Properties, property: string, { isNullable, type }: Column): boolean {
  const value = holder[property];
  if (value instanceof ByteSlot || value instanceof Timestamp) {
    const isGiven = value.isPresent;
    value.reset();
    return isGiven;
  }
  if (value instanceof ByteList || value instanceof NumberList) {
    const isGiven = value.length > 0;
    value.reset();
    return isGiven;
  }
  const zero = isNullable ? null : type === "bool" ? false : 0;
  holder[property] = zero;
  return value !== zero;
}
