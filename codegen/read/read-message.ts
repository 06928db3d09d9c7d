import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { FieldModel } from "../model/field-model.js";
import { type IncludedGroup, type MessageModel, OBSERVATION } from "../model/message-model.js";
import { checkFile } from "./check-file.js";
import { type FieldReader, readField } from "./read-field.js";
import { fieldNameProblem } from "./refused-name.js";
import { GROUP_NUMBERS, MAX_GROUP_NUMBER } from "./schema-lock.js";
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
    checkFile(desc.file, diagnostics);
    for (const oneof of desc.oneofs) {
      diagnostics.report(path, lineOf(oneof), `oneof ${oneof.name}: a table cannot have a oneof; use optional fields`);
    }
    const isGroup = annotations.isGroup(desc);
    const fields: FieldModel[] = [];
    const groups: IncludedGroup[] = [];
    for (const field of desc.fields) {
      if (field.oneof !== undefined) continue;
      if (field.message !== undefined && field.fieldKind !== "map" && annotations.isGroup(field.message)) {
        const problem = isGroup ? "a group cannot include another one" : includedGroupProblem(field);
        if (problem === undefined) groups.push(this.#include(field, field.message));
        else diagnostics.report(path, lineOf(field), `field ${field.name}: ${problem}`);
      } else {
        const model = readField(field, this.#fields);
        if (model === undefined) continue;
        fields.push(model);
        if (isGroup && field.number >= GROUP_NUMBERS) {
          const problem = `field ${field.name}: the number of a group's field is below ${GROUP_NUMBERS}; choose another one`;
          diagnostics.report(path, lineOf(field), problem);
        }
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
    return { name: field.name, property: field.localName, number: field.number, message };
  }
}

/** Why a field of an event cannot include a group, with a remedy. */
function includedGroupProblem(field: DescField): string | undefined {
  if (field.fieldKind === "list") return "a group cannot be repeated; include it once";
  if (field.number > MAX_GROUP_NUMBER)
    return `the number of a group is at most ${MAX_GROUP_NUMBER}; choose another one than ${field.number}`;
  // The first group of every event is the observation, whose name and number are checked with the event.
  return field.message?.typeName === OBSERVATION && field.number === 1 ? undefined : fieldNameProblem(field.name);
}
