import type { EnumValue } from "../../runtime/schema/event-table.js";
import type { FieldAnnotation } from "../../runtime/schema/field-annotation.js";
import { SEMANTIC_TYPES, type SemanticTypeName } from "../../runtime/schema/semantic-types.js";
import { isSlice } from "../../runtime/schema/storage-form.js";
import { recordKindOf } from "./record-kind.js";
import { isUnit } from "./unit.js";

/** Names of Wireshark's fields, separated by commas. */
const WIRESHARK_NAMES = /^[\w-]+(\.[\w-]+)*(, ?[\w-]+(\.[\w-]+)*)*$/;

/** A segment of a REST path. */
const PATH = /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/;

/** Maximum identifier of an information element, which has 15 bits (RFC 7011, section 3.2). */
const MAX_ELEMENT = 32_767;

/** An ECS field's name, such as `dns.question.name`. */
const ECS_NAME = /^[a-z@][a-z0-9_]*(\.[a-z0-9_]+)*$/;

/** Maximum values of the options. */
const MAX_BYTES = 65_535;
const MAX_ITEMS = 4_096;
const MAX_FLAGS = 32;

/** A field whose type is known. */
export interface AnnotatedField {
  readonly type: SemanticTypeName;
  readonly isList: boolean;
  readonly isOptional: boolean;
  readonly annotation: FieldAnnotation;
  /** The named bits of the annotation. */
  readonly flags: readonly EnumValue[];
}

/** Every mistake in a field's options, with a remedy. */
export function optionProblems(field: AnnotatedField): string[] {
  return [...lengthProblems(field), ...meaningProblems(field), ...flagProblems(field), ...sensitivityProblems(field)];
}

/** The messages of the rules that are broken. */
function messagesOfBroken(...rules: readonly (readonly [isBroken: boolean, message: string])[]): string[] {
  return rules.filter(([isBroken]) => isBroken).map(([, message]) => message);
}

function lengthProblems({ type, isList, annotation: { maxBytes = 0, maxItems = 0 } }: AnnotatedField): string[] {
  const { isListable, storage } = SEMANTIC_TYPES[type];
  return messagesOfBroken(
    [isList && !isListable, `a list of ${type} cannot be a column; lists are of ${listableTypes()}`],
    [!isList && maxItems !== 0, "max_items is for repeated fields"],
    [!isSlice(storage) && maxBytes !== 0, "max_bytes is for string and bytes fields"],
    [isSlice(storage) && maxBytes > MAX_BYTES, `max_bytes ${maxBytes} is above ${MAX_BYTES}`],
    [isList && maxItems > MAX_ITEMS, `max_items ${maxItems} is above ${MAX_ITEMS}`],
  );
}

function meaningProblems({ type, isList, isOptional, annotation }: AnnotatedField): string[] {
  const { compare, unit, ecs, wireshark, index, path, ipfix, marksRedaction } = annotation;
  const isNumber = recordKindOf(type, isList).startsWith("number");
  return messagesOfBroken(
    [compare !== undefined && type !== "text", "compare is for string fields"],
    [compare === "COMPARISON_HOST" && isList, "compare: COMPARISON_HOST is not for repeated fields"],
    [unit !== undefined && !isNumber, "unit is for numbers"],
    [
      unit !== undefined && isNumber && !isUnit(unit),
      `unit ${JSON.stringify(unit)} is not a UCUM code of a common unit, such as By, bit, s, ms, {packet}, By/s, % or 1`,
    ],
    [ecs !== undefined && !ECS_NAME.test(ecs), "ecs must be the name of an ECS field, such as client.ip"],
    [
      wireshark !== undefined && !WIRESHARK_NAMES.test(wireshark),
      "wireshark must be names of Wireshark's fields, such as dns.flags.rcode, separated by commas",
    ],
    [index === "INDEX_TEXT" && type !== "text", "index: INDEX_TEXT is for string fields"],
    [
      path !== undefined && !PATH.test(path),
      `path ${JSON.stringify(path)} must be lower-case words joined by _ or -, such as "conversations"`,
    ],
    [path !== undefined && isList, "path is not for repeated fields, because a row would be in several collections"],
    [
      ipfix !== undefined && !isInformationElement(ipfix),
      "ipfix must be {element: 1} to {element: 32767}, with enterprise up to 4294967295 (RFC 7011, section 3.2)",
    ],
    [
      marksRedaction === true && (type !== "bool" || isOptional),
      "marks_redaction is for a bool field that is not optional",
    ],
  );
}

function flagProblems({ type, flags }: AnnotatedField): string[] {
  if (flags.length > 0 !== (type === "flags"))
    return ["flags is required for TYPE_FLAGS and not valid for other types"];
  const twice = flags.find(({ name }, i) => flags.findIndex((flag) => flag.name === name) < i);
  return messagesOfBroken(
    [
      flags.length > MAX_FLAGS || flags.some(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name)),
      `flags must be up to ${MAX_FLAGS} names in capitals, such as FIN,SYN,_,PSH`,
    ],
    [twice !== undefined, `flags has ${twice?.name} twice; rename one, or write _ for a bit without a name`],
  );
}

function sensitivityProblems({ type, annotation: { sensitive } }: AnnotatedField): string[] {
  const isText = type === "text";
  const isHashable = isText || type === "bytes" || type === "ip" || type === "mac";
  return messagesOfBroken(
    [sensitive === "SENSITIVITY_MASK" && !isText, "sensitive: SENSITIVITY_MASK is for texts"],
    [
      sensitive === "SENSITIVITY_PREFIX" && !isText && type !== "ip",
      "sensitive: SENSITIVITY_PREFIX is for texts and addresses",
    ],
    [
      sensitive === "SENSITIVITY_HASH" && !isHashable,
      "sensitive: SENSITIVITY_HASH is for texts, bytes, addresses and MAC addresses",
    ],
  );
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
