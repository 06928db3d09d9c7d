import { type DescEnum, type DescField, ScalarType } from "@bufbuild/protobuf";
import type { Comparison } from "../runtime/schema/event-table.js";
import type { SemanticTypeName } from "../runtime/schema/semantic-type.js";
import type { AnnotationReader } from "./annotations.js";
import type { Diagnostics } from "./diagnostics.js";
import type { EnumModel, FieldModel, RecordKind } from "./model.js";
import { constantCase, titleOf } from "./names.js";
import { commentOf, enumName, lineOf, projectPath } from "./source-location.js";

const DEFAULT_MAX_BYTES = 255;
const DEFAULT_MAX_ITEMS = 64;

/** By the number of `wireloom.v1.Type`: the semantic type and the one proto type it is written in. */
const ANNOTATED_TYPES: readonly ([SemanticTypeName, ScalarType] | undefined)[] = [
  undefined,
  ["timestamp", ScalarType.FIXED64],
  ["duration", ScalarType.UINT64],
  ["ip", ScalarType.BYTES],
  ["mac", ScalarType.BYTES],
  ["port", ScalarType.UINT32],
  ["uuid", ScalarType.BYTES],
  ["flags", ScalarType.UINT32],
];

const SCALAR_TYPES = new Map<ScalarType, SemanticTypeName>([
  [ScalarType.BOOL, "bool"],
  [ScalarType.UINT32, "uint32"],
  [ScalarType.INT32, "int32"],
  [ScalarType.SINT32, "int32"],
  [ScalarType.UINT64, "uint64"],
  [ScalarType.INT64, "int64"],
  [ScalarType.DOUBLE, "double"],
  [ScalarType.STRING, "text"],
  [ScalarType.BYTES, "bytes"],
]);

/** Bytes of the types whose length is fixed. */
const FIXED_BYTES = new Map<SemanticTypeName, number>([
  ["ip", 16],
  ["mac", 6],
  ["uuid", 16],
]);

/** By the number of `wireloom.v1.Comparison`. */
const COMPARISONS: readonly (Comparison | undefined)[] = [undefined, "name", "host"];

const LISTABLE: readonly SemanticTypeName[] = ["uint32", "int32", "enum", "port", "text", "bytes", "double", "ip"];

/** The model of a field, or undefined after its mistakes were reported. */
export function buildField(
  desc: DescField,
  annotations: AnnotationReader,
  diagnostics: Diagnostics,
): FieldModel | undefined {
  const annotation = annotations.field(desc);
  const fail = (message: string): undefined => {
    diagnostics.report(projectPath(desc.parent.file), lineOf(desc), `field ${desc.name}: ${message}`);
    return undefined;
  };
  if (desc.oneof !== undefined) return fail("a table field cannot be in a oneof; use optional fields");
  if (desc.fieldKind === "map") return fail("a table field cannot be a map; use lists of scalars");
  if (desc.message !== undefined) {
    return fail(
      `a table field cannot be a message (${desc.message.typeName}); tables are flat: scalars, enums and lists of scalars`,
    );
  }
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(desc.name)) return fail("a field's name is in snake_case");

  const type = semanticType(desc, annotation.type, fail);
  if (type === undefined) return undefined;
  const isList = desc.fieldKind === "list";
  if (isList && !LISTABLE.includes(type)) return fail(`a list of ${type} is not a column; use scalars`);
  if (!isList && annotation.maxItems !== 0) return fail("max_items is for repeated fields");
  const flags = flagValues(annotation.flags);
  if (flags.length > 0 !== (type === "flags"))
    return fail("flags has the names of a TYPE_FLAGS's bits, and of no other's");
  if (flags.length > 32 || flags.some(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name))) {
    return fail("flags has up to 32 names in capitals, such as FIN,SYN,_,PSH");
  }
  const isSlice = type === "text" || type === "bytes";
  if (!isSlice && annotation.maxBytes !== 0) return fail("max_bytes is for string and bytes fields");
  const comparison = COMPARISONS[annotation.compare];
  if (annotation.compare !== 0 && type !== "text") return fail("compare is for string fields");
  if (annotation.compare !== 0 && comparison === undefined) return fail(`unknown comparison ${annotation.compare}`);
  if (comparison === "host" && isList) return fail("compare: COMPARISON_HOST is not for repeated fields");
  if (annotation.maxBytes > 65535) return fail(`max_bytes ${annotation.maxBytes} is above 65535`);
  if (annotation.maxItems > 4096) return fail(`max_items ${annotation.maxItems} is above 4096`);

  return {
    desc,
    name: desc.name,
    property: desc.localName,
    number: desc.number,
    type,
    recordKind: recordKind(type, isList),
    isList,
    isNullable: !isList && desc.proto.proto3Optional,
    maxBytes: isSlice ? annotation.maxBytes || DEFAULT_MAX_BYTES : (FIXED_BYTES.get(type) ?? 0),
    maxItems: isList ? annotation.maxItems || DEFAULT_MAX_ITEMS : 0,
    enumModel: desc.enum === undefined ? undefined : buildEnum(desc.enum),
    flagValues: flags,
    title: annotation.title || titleOf(desc.name),
    description: commentOf(desc),
    wireshark: annotation.wireshark === "" ? [] : annotation.wireshark.split(",").map((name) => name.trim()),
    isListed: annotation.list,
    comparison,
    path: annotation.path,
  };
}

function semanticType(
  desc: DescField,
  annotated: number,
  fail: (message: string) => undefined,
): SemanticTypeName | undefined {
  if (desc.enum !== undefined) return annotated === 0 ? "enum" : fail("an enum field takes no type annotation");
  const scalar = desc.scalar!;
  if (annotated === 0) {
    const type = SCALAR_TYPES.get(scalar);
    if (type !== undefined) return type;
    return fail(
      `proto type ${ScalarType[scalar].toLowerCase()} is not a column type; use bool, uint32, int32, sint32, uint64, int64, double, string, bytes, or fixed64 with type: TYPE_TIMESTAMP`,
    );
  }
  const known = ANNOTATED_TYPES[annotated];
  if (known === undefined) return fail(`unknown type ${annotated}`);
  const [type, expected] = known;
  if (scalar === expected) return type;
  return fail(
    `type ${type} is written as ${ScalarType[expected].toLowerCase()}, not as ${ScalarType[scalar].toLowerCase()}`,
  );
}

function recordKind(type: SemanticTypeName, isList: boolean): RecordKind {
  const isSlice = ["text", "bytes", "ip", "mac", "uuid"].includes(type);
  if (isList) return isSlice ? "byteList" : "numberList";
  if (isSlice) return "bytes";
  if (type === "timestamp") return "timestamp";
  return type === "bool" ? "boolean" : "number";
}

/** The bits with a name of an annotation. */
function flagValues(names: string): { readonly name: string; readonly number: number }[] {
  const bits = names === "" ? [] : names.split(",").map((name, bit) => ({ name: name.trim(), number: 2 ** bit }));
  return bits.filter(({ name }) => name !== "_");
}

function buildEnum(desc: DescEnum): EnumModel {
  const prefix = `${constantCase(desc.name)}_`;
  const values = desc.values.map((value) => {
    const { number, name } = value;
    const description = commentOf(value);
    return {
      number,
      name: name.startsWith(prefix) ? name.slice(prefix.length) : name,
      ...(description === "" ? {} : { description }),
    };
  });
  return { name: enumName(desc), values };
}
