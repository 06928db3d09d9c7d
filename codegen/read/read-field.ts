import { type DescEnum, type DescField, ScalarType } from "@bufbuild/protobuf";
import type { EnumValue } from "../../runtime/schema/event-table.js";
import { SEMANTIC_TYPES, type SemanticTypeName } from "../../runtime/schema/semantic-types.js";
import { isSlice } from "../../runtime/schema/storage-form.js";
import type { ProtoType } from "../../runtime/schema/types/semantic-type.js";
import type { FieldModel, RecordKind } from "../model/field-model.js";
import type { AnnotationReader } from "./annotation-reader.js";
import type { Diagnostics } from "./diagnostics.js";
import type { EnumReader } from "./read-enum.js";
import { fieldNameProblem } from "./refused-name.js";
import { commentOf, lineOf, projectPath } from "./source-location.js";

const DEFAULT_MAX_BYTES = 255;
const DEFAULT_MAX_ITEMS = 64;

/** UCUM codes as OpenTelemetry writes them: symbols, digits, operators and annotations in braces. */
const UNIT = /^[A-Za-z0-9%{}[\]_./*^-]{1,63}$/;

/** Names of Wireshark's fields, separated by commas. */
const WIRESHARK_NAMES = /^[\w-]+(\.[\w-]+)*(, ?[\w-]+(\.[\w-]+)*)*$/;

/** A segment of a REST path. */
const PATH = /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/;

/** Maximum identifier of an information element, which has 15 bits (RFC 7011, section 3.2). */
const MAX_ELEMENT = 32_767;

/** An ECS field's name, such as `dns.question.name`. */
const ECS_NAME = /^[a-z@][a-z0-9_]*(\.[a-z0-9_]+)*$/;

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
  const { isListable, storage, wire } = SEMANTIC_TYPES[type];
  const isList = desc.fieldKind === "list";
  const { maxBytes = 0, maxItems = 0, compare, unit, ecs, sensitive, path, ipfix } = annotation;
  if (isList && !isListable) return fail(`a list of ${type} cannot be a column; lists are of ${listableTypes()}`);
  if (!isList && maxItems !== 0) return fail("max_items is for repeated fields");
  const flags = flagValues(annotation.flags);
  if (flags.length > 0 !== (type === "flags")) return fail("flags is only for fields of TYPE_FLAGS");
  if (flags.length > 32 || flags.some(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name))) {
    return fail("flags must be up to 32 names in capitals, such as FIN,SYN,_,PSH");
  }
  const twice = flags.find(({ name }, i) => flags.findIndex((flag) => flag.name === name) < i);
  if (twice !== undefined)
    return fail(`flags has ${twice.name} twice; rename one, or write _ for a bit without a name`);
  const isBounded = isSlice(storage);
  if (!isBounded && maxBytes !== 0) return fail("max_bytes is for string and bytes fields");
  if (compare !== undefined && type !== "text") return fail("compare is for string fields");
  if (compare === "COMPARISON_HOST" && isList) return fail("compare: COMPARISON_HOST is not for repeated fields");
  if (maxBytes > 65535) return fail(`max_bytes ${maxBytes} is above 65535`);
  if (maxItems > 4096) return fail(`max_items ${maxItems} is above 4096`);
  if (unit !== undefined && (!UNIT.test(unit) || !recordKind(type, isList).startsWith("number")))
    return fail("unit is only for numbers, and must be a UCUM code such as By, s, {packet} or 1");
  if (ecs !== undefined && !ECS_NAME.test(ecs)) return fail("ecs must be the name of an ECS field, such as client.ip");
  if (annotation.wireshark !== undefined && !WIRESHARK_NAMES.test(annotation.wireshark))
    return fail("wireshark must be names of Wireshark's fields, such as dns.flags.rcode, separated by commas");
  if (annotation.index === "INDEX_TEXT" && type !== "text") return fail("index: INDEX_TEXT is for string fields");
  if (path !== undefined && !PATH.test(path))
    return fail(`path ${JSON.stringify(path)} must be lower-case words joined by _ or -, such as "conversations"`);
  if (path !== undefined && isList)
    return fail("path is not for repeated fields, because a row would be in several collections");
  if (ipfix !== undefined && !isInformationElement(ipfix))
    return fail(
      "ipfix must be {element: 1} to {element: 32767}, with enterprise up to 4294967295 (RFC 7011, section 3.2)",
    );
  if (annotation.marksRedaction === true && (type !== "bool" || desc.proto.proto3Optional))
    return fail("marks_redaction is for a bool field that is not optional");
  if (sensitive === "SENSITIVITY_MASK" && type !== "text") return fail("sensitive: SENSITIVITY_MASK is for texts");
  if (sensitive === "SENSITIVITY_PREFIX" && type !== "text" && type !== "ip")
    return fail("sensitive: SENSITIVITY_PREFIX is for texts and addresses");
  if (sensitive === "SENSITIVITY_HASH" && type !== "text" && type !== "bytes" && type !== "ip" && type !== "mac")
    return fail("sensitive: SENSITIVITY_HASH is for texts, bytes, addresses and MAC addresses");

  return {
    desc,
    name: desc.name,
    property: desc.localName,
    number: desc.number,
    type,
    protoType: protoTypeOf(desc),
    recordKind: recordKind(type, isList),
    isList,
    isNullable: !isList && desc.proto.proto3Optional,
    maxBytes: isBounded ? maxBytes || DEFAULT_MAX_BYTES : Math.max(0, ...(wire.byteLengths ?? [])),
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

/** Proto types of lists, for messages. */
function listableTypes(): string {
  const types = Object.values(SEMANTIC_TYPES).filter(({ isListable }) => isListable);
  return [...new Set(types.flatMap(({ wire }) => wire.protoTypes))].join(", ");
}

/** The enterprise number is a `uint32`, which cannot exceed its range. */
function isInformationElement({ element = 0 }: { readonly element?: number }): boolean {
  return element >= 1 && element <= MAX_ELEMENT;
}

/** Why an enum cannot be a column's type, with a remedy. */
function enumProblem(desc: DescEnum): string | undefined {
  const prefixLength = desc.sharedPrefix?.length ?? 0;
  const reserved = desc.values.find(({ name }) => name.slice(prefixLength) in Object.prototype);
  if (reserved === undefined) return undefined;
  return `the value ${reserved.name} of ${desc.name} has the name of a property of every JavaScript object; write it in capitals`;
}

function recordKind(type: SemanticTypeName, isList: boolean): RecordKind {
  const { storage, wire } = SEMANTIC_TYPES[type];
  const isBytes = wire.protoTypes[0] === "string" || wire.protoTypes[0] === "bytes";
  if (isList) return isBytes ? "byteList" : "numberList";
  if (isBytes) return "bytes";
  if (storage === "time") return "timestamp";
  return storage === "bool" ? "boolean" : "number";
}

/** The named bits of an annotation. */
function flagValues(names = ""): readonly EnumValue[] {
  const bits = names === "" ? [] : names.split(",").map((name, bit) => ({ name: name.trim(), number: 2 ** bit }));
  return bits.filter(({ name }) => name !== "_");
}
