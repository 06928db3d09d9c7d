import type { FieldModel } from "../model/field-model.js";

/** Varint: numbers, enums, booleans. */
export const VARINT = 0;

/** Eight bytes: timestamps, doubles. */
export const FIXED64 = 1;

/** A length, then bytes: texts, bytes, lists, messages. */
export const LENGTH_DELIMITED = 2;

/** Protobuf wire type of a single value of a field. */
export function itemWireType({ recordKind, protoType }: FieldModel): number {
  if (recordKind === "bytes" || recordKind === "byteList") return LENGTH_DELIMITED;
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
export function isZigzag({ protoType }: FieldModel): boolean {
  return protoType === "sint32";
}
