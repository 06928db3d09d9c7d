import type { EventOptions } from "../../generated/wireloom/v1/annotations_pb.js";
import type { FieldModel } from "../model/field-model.js";
import { type IncludedGroup, type MessageModel, OBSERVATION } from "../model/message-model.js";
import type { ColumnModel, TableModel } from "../model/table-model.js";
import type { Diagnostics } from "./diagnostics.js";
import { sharedParameter } from "./refused-name.js";
import { FIRST_OWN_NUMBER, GROUP_NUMBERS, orderColumns, type SchemaLock } from "./schema-lock.js";
import { commentOf, lineOf, projectPath } from "./source-location.js";

/** A field of the event or of a group that it includes. */
type PlacedField = Omit<ColumnModel, "order">;

/** Maximum of `google.protobuf.Duration`: about 10,000 years. */
const MAX_RETENTION_SECONDS = 315_576_000_000n;

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
  if (
    retention !== undefined &&
    (retention.seconds < 1n || retention.seconds > MAX_RETENTION_SECONDS || retention.nanos !== 0)
  ) {
    const range = `above 0, up to ${MAX_RETENTION_SECONDS}`;
    diagnostics.report(path, lineOf(desc), `retention must be a whole number of seconds ${range}`);
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
function declaredColumns(message: MessageModel): PlacedField[] {
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

function reportNames(columns: readonly PlacedField[], report: (field: FieldModel, text: string) => void): void {
  const names = new Map<string, PlacedField>();
  const properties = new Map<string, PlacedField>();
  const numbers = new Map<number, PlacedField>();
  let hasSharedName = false;
  for (const column of columns) {
    const { field, fieldNumber } = column;
    const same = names.get(field.name) ?? properties.get(field.property);
    if (same !== undefined) {
      hasSharedName = true;
      // The group's field may belong to another plugin; the event's own field is the one to rename.
      const [own, other] = column.group === undefined ? [column, same] : [same, column];
      report(own.field, `field ${own.field.name}: ${sharedNameProblem(own, other)}`);
    }
    names.set(field.name, column);
    properties.set(field.property, column);
    const owner = numbers.get(fieldNumber);
    if (owner !== undefined) {
      const group = owner.group ?? column.group;
      const place = group === undefined ? "" : ` of the group ${nameOfGroup(group)}`;
      report(
        field,
        `field ${field.name}: its number in the service is that of ${owner.field.name}${place}; choose another one`,
      );
    }
    numbers.set(fieldNumber, column);
  }
  // Fields of one name share all their filters.
  if (hasSharedName) return;
  const shared = sharedParameter(columns.map(({ field }) => field));
  if (shared !== undefined) {
    report(
      shared.second,
      `field ${shared.second.name}: ${shared.parameter} would be a filter of both ${shared.first.name} and this field; rename one of them`,
    );
  }
}

/** Why two columns cannot have one name, with a remedy. The event's own field is the one to rename; groups may belong to other plugins. */
function sharedNameProblem({ field, group }: PlacedField, other: PlacedField): string {
  const otherGroup = other.group;
  if (group === undefined) {
    if (otherGroup === undefined)
      return `field ${other.field.name} has this name in generated code already; rename this field`;
    if (otherGroup.message.desc.typeName === OBSERVATION)
      return `the name is reserved: every row already has such a column; rename it, for example to ${field.name}_value`;
    return `a field of the group ${nameOfGroup(otherGroup)} has this name already; rename this field`;
  }
  const { desc } = group.message;
  if (group.message === otherGroup?.message)
    return `the group ${desc.typeName} is included twice, as ${group.name} and ${otherGroup.name}; remove one of them`;
  const groups = `${nameOfGroup(group)} and ${nameOfGroup(otherGroup!)}`;
  return `the groups ${groups} have a field of this name each; rename one, or remove one of the groups`;
}

function nameOfGroup({ name, message }: IncludedGroup): string {
  return `${name} (${message.desc.typeName})`;
}
