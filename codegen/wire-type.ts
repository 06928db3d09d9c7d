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

/** True for a field in zigzag form. */
export function isZigzag(field: FieldModel): boolean {
  return field.desc.scalar === ScalarType.SINT32;
}

/** What the generated functions of a record are called after. */
export function suffix(model: RecordModel): string {
  return model.recordName === "ObservationRecord" ? "Observation" : "Record";
}
