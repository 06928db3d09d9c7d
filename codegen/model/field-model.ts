import type { DescField } from "@bufbuild/protobuf";
import type { EnumValue } from "../../runtime/schema/event-table.js";
import type { FieldAnnotation } from "../../runtime/schema/field-annotation.js";
import type { SemanticTypeName } from "../../runtime/schema/semantic-types.js";
import type { ProtoType } from "../../runtime/schema/types/semantic-type.js";
import type { EnumModel } from "./enum-model.js";

/** How a record stores a field. */
export type RecordKind = "number" | "boolean" | "timestamp" | "bytes" | "numberList" | "byteList";

/** One field of an event, of the observation or of a group. */
export interface FieldModel {
  /** With all of its options, including those of other projects: `getOption(field.desc, extension)`. */
  readonly desc: DescField;
  /** snake_case. */
  readonly name: string;
  /** Property of the record and of the message. */
  readonly property: string;
  readonly number: number;
  readonly type: SemanticTypeName;
  /** One of the type's proto types. */
  readonly protoType: ProtoType;
  readonly recordKind: RecordKind;
  readonly isList: boolean;
  readonly isNullable: boolean;
  /** 0 if the type is not limited. */
  readonly maxBytes: number;
  readonly maxItems: number;
  readonly enumModel: EnumModel | undefined;
  /** The named bits of flags, otherwise empty. */
  readonly flagValues: readonly EnumValue[];
  readonly description: string;
  /** `wireloom.v1.FieldOptions` complete, in its JSON form; the generated column carries it. */
  readonly annotation: FieldAnnotation;
  /** Options of other projects in their JSON form, by the extension's full name; empty without. */
  readonly foreignAnnotations: Readonly<Record<string, unknown>>;
}
