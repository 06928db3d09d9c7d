import { ScalarType } from "@bufbuild/protobuf";
import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import type { FieldModel } from "../model/field-model.js";

/** Varint: numbers, enums, booleans. */
export const VARINT = 0;

/** Eight bytes: timestamps, doubles. */
export const FIXED64 = 1;

/** A length, then bytes: texts, bytes, lists, messages. */
export const LENGTH_DELIMITED = 2;

/** Protobuf wire type of a single value of a field. */
export function itemWireType({ recordKind, type }: FieldModel): number {
  if (recordKind === "bytes" || recordKind === "byteList") return LENGTH_DELIMITED;
  const [protoType] = SEMANTIC_TYPES[type].wire.protoTypes;
  return protoType === "fixed64" || protoType === "double" ? FIXED64 : VARINT;
}

/** Protobuf wire type of a field: lists of numbers are packed. */
export function wireType(field: FieldModel): number {
  return field.isList ? LENGTH_DELIMITED : itemWireType(field);
}

/** A tag, below 2^32. */
export function tagOf(number: number, type: number): number {
  // Not computed by shifts: protobuf field numbers have 29 bits, and their tags 32.
  return number * 8 + type;
}

/** Length of a tag in bytes. */
export function tagBytes(tag: number): number[] {
  const bytes: number[] = [];
  let rest = tag;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** Whether a field is in zigzag form. */
export function isZigzag({ desc }: FieldModel): boolean {
  return desc.scalar === ScalarType.SINT32;
}

/** Whether a double cannot hold all numbers of a field: those beyond 2^53 are bigints. */
export function isWide({ recordKind, type }: FieldModel): boolean {
  const { protoTypes, range } = SEMANTIC_TYPES[type].wire;
  return recordKind === "number" && range === undefined && (protoTypes[0] === "uint64" || protoTypes[0] === "int64");
}
