import { ScalarType } from "@bufbuild/protobuf";
import type { FieldModel, RecordModel } from "./model.js";

/** Varint: numbers, enums, booleans. */
export const VARINT = 0;

/** Eight bytes: timestamps, doubles. */
export const FIXED64 = 1;

/** A length, then bytes: texts, bytes, lists, messages. */
export const LENGTH_DELIMITED = 2;

/** Protobuf wire type of a field. */
export function wireType(field: FieldModel): number {
  if (field.recordKind === "bytes" || field.isList) return LENGTH_DELIMITED;
  return field.type === "timestamp" || field.type === "double" ? FIXED64 : VARINT;
}

/** A field's tag, below 2^32; of the wire type of its items, one by one, where `type` is given. */
export function tagOf(field: FieldModel, type: number = wireType(field)): number {
  // Not by shifts: the numbers of protobuf fields have 29 bits, and their tags 32.
  return field.number * 8 + type;
}

/** Bytes of a field's tag. */
export function tagBytes(field: FieldModel): number[] {
  const bytes: number[] = [];
  let rest = tagOf(field);
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** True for a field in zigzag form. */
export function isZigzag(field: FieldModel): boolean {
  return field.desc.scalar === ScalarType.SINT32;
}

/** What the generated functions of a record are called after. */
export function suffix(model: RecordModel): string {
  return model.recordName === "ObservationRecord" ? "Observation" : "Record";
}
