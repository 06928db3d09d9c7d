import { create, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { Column } from "../../schema/event-table.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import type { Scalar } from "../../schema/types/semantic-type.js";
import type { Row } from "../../schema/value.js";

/** Makes messages of rows that have all columns of the event's table. */
export type RowMessageFactory = (row: Row) => Message;

/** A {@link RowMessageFactory} of an event. */
export function createRowMessageFactory(event: CollectedEvent): RowMessageFactory {
  const targets = event.table.columns.map((column) => targetOf(event.message, column));
  return (row) => {
    const message = create(event.message);
    for (let i = 0; i < targets.length; i++) {
      const value = row[i]!;
      if (value === null || value === undefined) continue;
      const { column, parents, name } = targets[i]!;
      const { toMessage } = SEMANTIC_TYPES[column.type];
      const holder = parents.reduce(childMessage, message as MessageFields);
      holder[name] = Array.isArray(value) ? value.map((item) => toMessage(item as Scalar)) : toMessage(value as Scalar);
    }
    return message;
  };
}

/** A message as the properties that its descriptor names. */
type MessageFields = Record<string, unknown>;

interface Target {
  readonly column: Column;
  /** Fields that lead from the event's message to the one that holds the value. */
  readonly parents: readonly DescField[];
  readonly name: string;
}

function targetOf(message: DescMessage, column: Column): Target {
  const parents: DescField[] = [];
  let holder = message;
  for (const name of column.messagePath.slice(0, -1)) {
    const field = holder.fields.find((candidate) => candidate.localName === name);
    if (field?.message === undefined)
      throw new Error(`${message.typeName} has no message at ${column.messagePath.join(".")}`);
    parents.push(field);
    holder = field.message;
  }
  return { column, parents, name: column.messagePath.at(-1)! };
}

function childMessage(holder: MessageFields, field: DescField): MessageFields {
  holder[field.localName] ??= create(field.message!);
  return holder[field.localName] as MessageFields;
}
