import type { EventOptions } from "../../generated/wireloom/v1/annotations_pb.js";
import type { FieldModel } from "../model/field-model.js";
import { type MessageModel, OBSERVATION } from "../model/message-model.js";
import type { ColumnModel, TableModel } from "../model/table-model.js";
import type { Diagnostics } from "./diagnostics.js";
import { sharedParameter } from "./refused-name.js";
import { FIRST_OWN_NUMBER, GROUP_NUMBERS, orderColumns, type SchemaLock } from "./schema-lock.js";
import { commentOf, lineOf, projectPath } from "./source-location.js";

/** The table of an event; reports its mistakes. */
export function readTable(
  message: MessageModel,
  annotation: EventOptions,
  lock: SchemaLock,
  lockPath: string,
  diagnostics: Diagnostics,
): TableModel {
  const { desc } = message;
  const path = projectPath(desc.file);
  const lineOfField = (field: FieldModel | undefined) => lineOf(field?.desc.parent === desc ? field.desc : desc);
  const declared = declaredColumns(message);
  reportNames(declared, (field, text) => diagnostics.report(path, lineOfField(field), text));
  const columns = orderColumns(
    annotation.resource,
    declared,
    lock,
    lockPath,
    // An invalid field is missing from the model, and would seem to be removed.
    (field, text) => diagnostics.reportDoubtful(path, lineOfField(field), text),
  );
  const byName = (name: string) => columns.filter(({ field }) => field.name === name);
  const { retention } = annotation;
  if (retention !== undefined && (retention.seconds < 1n || retention.nanos !== 0)) {
    diagnostics.report(path, lineOf(desc), "retention must be a whole number of seconds above 0");
  }
  return {
    name: annotation.resource,
    title: annotation.title || message.name,
    description: commentOf(desc),
    origin: { kind: "event", message },
    columns,
    key: byName("id"),
    order: byName("time"),
    retentionSeconds: retention === undefined ? undefined : Number(retention.seconds),
  };
}

/** The columns of an event: the observation's, then its own and those of other groups in the order of declaration. */
function declaredColumns(message: MessageModel): Omit<ColumnModel, "order">[] {
  const ofGroups = message.groups.flatMap((group) =>
    group.message.fields.map((field) => {
      const isObservation = group.message.desc.typeName === OBSERVATION;
      const fieldNumber = isObservation ? field.number : group.number * GROUP_NUMBERS + field.number;
      return { field, group, fieldNumber, place: group.number };
    }),
  );
  const own = message.fields.map((field) => {
    return { field, group: undefined, fieldNumber: FIRST_OWN_NUMBER + field.number, place: field.number };
  });
  return [...ofGroups, ...own]
    .toSorted((a, b) => a.place - b.place)
    .map(({ field, group, fieldNumber }) => ({ field, group, fieldNumber }));
}

function reportNames(
  columns: readonly Omit<ColumnModel, "order">[],
  report: (field: FieldModel, text: string) => void,
): void {
  const names = new Set<string>();
  const numbers = new Map<number, string>();
  for (const { field, fieldNumber } of columns) {
    const { name } = field;
    if (names.has(name)) {
      report(field, `field ${name}: the name is reserved; every row already has such a column or parameter`);
    }
    names.add(name);
    const owner = numbers.get(fieldNumber);
    if (owner !== undefined) report(field, `field ${name}: its number is used by a field of a group, ${owner}`);
    numbers.set(fieldNumber, name);
  }
  const shared = sharedParameter(columns.map(({ field }) => field));
  if (shared !== undefined) {
    report(
      shared.second,
      `field ${shared.second.name}: ${shared.parameter} would be a filter of both ${shared.first.name} and this field; rename one of them`,
    );
  }
}
