import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { FieldModel } from "../model/field-model.js";
import type { IncludedGroup, MessageModel } from "../model/message-model.js";
import { type FieldReader, readField } from "./read-field.js";
import { lineOf, projectPath } from "./source-location.js";

/** Reads messages; a group that several events include is read once. */
export class MessageReader {
  readonly #fields: FieldReader;
  readonly #groups = new Map<string, MessageModel>();

  constructor(fields: FieldReader) {
    this.#fields = fields;
  }

  /** The model of an event or a group; reports its mistakes. */
  read(desc: DescMessage): MessageModel {
    const { annotations, diagnostics } = this.#fields;
    const path = projectPath(desc.file);
    for (const oneof of desc.oneofs) {
      diagnostics.report(path, lineOf(oneof), `oneof ${oneof.name}: a table cannot have a oneof; use optional fields`);
    }
    const isGroup = annotations.isGroup(desc);
    const fields: FieldModel[] = [];
    const groups: IncludedGroup[] = [];
    for (const field of desc.fields) {
      if (field.oneof !== undefined) continue;
      if (field.fieldKind === "message" && annotations.isGroup(field.message)) {
        if (isGroup) {
          diagnostics.report(path, lineOf(field), `field ${field.name}: a group cannot include another one`);
        } else groups.push(this.#include(field, field.message));
      } else {
        const model = readField(field, this.#fields);
        if (model !== undefined) fields.push(model);
      }
    }
    return {
      desc,
      name: desc.name,
      isGroup,
      fields: fields.toSorted((a, b) => a.number - b.number),
      groups: groups.toSorted((a, b) => a.number - b.number),
    };
  }

  /** Every group that was included, the observation first. */
  groups(): MessageModel[] {
    return [...this.#groups.values()];
  }

  #include(field: DescField, desc: DescMessage): IncludedGroup {
    let message = this.#groups.get(desc.typeName);
    if (message === undefined) {
      message = this.read(desc);
      this.#groups.set(desc.typeName, message);
    }
    return { property: field.localName, number: field.number, message };
  }
}
