import { type DescEnum, type DescField, ScalarType } from "@bufbuild/protobuf";
import type { EnumValue } from "../../runtime/schema/event-table.js";
import { SEMANTIC_TYPES, type SemanticTypeName } from "../../runtime/schema/semantic-types.js";
import { isSlice } from "../../runtime/schema/storage-form.js";
import type { ProtoType } from "../../runtime/schema/types/semantic-type.js";
import type { FieldModel } from "../model/field-model.js";
import type { AnnotationReader } from "./annotation-reader.js";
import type { Diagnostics } from "./diagnostics.js";
import { optionProblems } from "./option-problems.js";
import type { EnumReader } from "./read-enum.js";
import { recordKindOf } from "./record-kind.js";
import { fieldNameProblem } from "./refused-name.js";
import { commentOf, lineOf, projectPath } from "./source-location.js";

const DEFAULT_MAX_BYTES = 255;
const DEFAULT_MAX_ITEMS = 64;

/** Semantic types of proto types without a type annotation. */
const PLAIN_TYPES: Readonly<Partial<Record<ProtoType, SemanticTypeName>>> = {
  bool: "bool",
  uint32: "uint32",
  int32: "int32",
  sint32: "int32",
  uint64: "uint64",
  int64: "int64",
  double: "double",
  string: "text",
  bytes: "bytes",
  enum: "enum",
};

/** Dependencies of reading a field. */
export interface FieldReader {
  readonly annotations: AnnotationReader;
  readonly enums: EnumReader;
  readonly diagnostics: Diagnostics;
}

/** The model of a field; reports its mistakes and returns undefined if there are any. */
export function readField(desc: DescField, { annotations, enums, diagnostics }: FieldReader): FieldModel | undefined {
  const options = annotations.field(desc);
  const { annotation, foreign } = options;
  const fail = (message: string): undefined => {
    diagnostics.report(projectPath(desc.parent.file), lineOf(desc), `field ${desc.name}: ${message}`);
    return undefined;
  };
  if (desc.oneof !== undefined) return fail("a table field cannot be in a oneof; use optional fields");
  if (desc.fieldKind === "map") return fail("a table field cannot be a map; use a list");
  if (desc.message !== undefined) {
    return fail(
      `a table field cannot be a message (${desc.message.typeName}); ` +
        "tables are flat: scalars, enums, lists, and messages with option (wireloom.v1.group)",
    );
  }
  const refused = fieldNameProblem(desc.name);
  if (refused !== undefined) return fail(refused);

  const unnamed = annotations.unnamedValue(options);
  if (unnamed !== undefined) return fail(`${unnamed.option} must be one of ${unnamed.names.join(", ")}`);
  const valueProblem = desc.enum === undefined ? undefined : enumProblem(desc.enum);
  if (valueProblem !== undefined) return fail(valueProblem);

  const type = semanticType(desc, annotation.type, fail);
  if (type === undefined) return undefined;
  const { storage, wire } = SEMANTIC_TYPES[type];
  const isList = desc.fieldKind === "list";
  const isOptional = desc.proto.proto3Optional;
  const flags = flagValues(annotation.flags);
  const problems = optionProblems({ type, isList, isOptional, annotation, flags });
  for (const problem of problems) fail(problem);
  if (problems.length > 0) return undefined;
  const { maxBytes = 0, maxItems = 0 } = annotation;

  return {
    desc,
    name: desc.name,
    property: desc.localName,
    number: desc.number,
    type,
    protoType: protoTypeOf(desc),
    recordKind: recordKindOf(type, isList),
    isList,
    isNullable: !isList && isOptional,
    maxBytes: isSlice(storage) ? maxBytes || DEFAULT_MAX_BYTES : Math.max(0, ...(wire.byteLengths ?? [])),
    maxItems: isList ? maxItems || DEFAULT_MAX_ITEMS : 0,
    enumModel: desc.enum === undefined ? undefined : enums.read(desc.enum),
    flagValues: flags,
    description: commentOf(desc),
    annotation,
    foreignAnnotations: foreign,
  };
}

function protoTypeOf(desc: DescField): ProtoType {
  // A scalar that is not a ProtoType is not in any list of them.
  return desc.enum === undefined ? (ScalarType[desc.scalar!].toLowerCase() as ProtoType) : "enum";
}

function semanticType(
  desc: DescField,
  annotated: string | number | undefined,
  fail: (message: string) => undefined,
): SemanticTypeName | undefined {
  const protoType = protoTypeOf(desc);
  if (annotated === undefined) {
    const type = PLAIN_TYPES[protoType];
    if (type !== undefined) return type;
    return fail(
      `proto type ${protoType} is not a column type; use bool, uint32, int32, sint32, uint64, int64, double, string, bytes, or fixed64 with type: TYPE_TIMESTAMP`,
    );
  }
  if (protoType === "enum") return fail("an enum field cannot have a type annotation");
  const name = String(annotated)
    .replace(/^TYPE_/, "")
    .toLowerCase();
  if (!Object.hasOwn(SEMANTIC_TYPES, name)) return fail(`unknown type ${annotated}`);
  // It is a member of the table.
  const type = name as SemanticTypeName;
  const protoTypes: readonly ProtoType[] = SEMANTIC_TYPES[type].wire.protoTypes;
  if (protoTypes.includes(protoType)) return type;
  return fail(`type ${type} is written as ${protoTypes.join(" or ")}, not as ${protoType}`);
}

/** Why an enum cannot be a column's type, with a remedy. */
function enumProblem(desc: DescEnum): string | undefined {
  const prefixLength = desc.sharedPrefix?.length ?? 0;
  const reserved = desc.values.find(({ name }) => name.slice(prefixLength) in Object.prototype);
  if (reserved === undefined) return undefined;
  return `the value ${reserved.name} of ${desc.name} has the name of a property of every JavaScript object; write it in capitals`;
}

/** The named bits of an annotation. */
function flagValues(names = ""): readonly EnumValue[] {
  const bits = names === "" ? [] : names.split(",").map((name, bit) => ({ name: name.trim(), number: 2 ** bit }));
  return bits.filter(({ name }) => name !== "_");
}
