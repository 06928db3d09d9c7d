import { SEMANTIC_TYPES, type SemanticTypeName } from "../../runtime/schema/semantic-types.js";
import type { RecordKind } from "../model/field-model.js";

/** How records store the fields of a type. */
export function recordKindOf(type: SemanticTypeName, isList: boolean): RecordKind {
  const { storage, wire } = SEMANTIC_TYPES[type];
  const isBytes = wire.protoTypes[0] === "string" || wire.protoTypes[0] === "bytes";
  if (isList) return isBytes ? "byteList" : "numberList";
  if (isBytes) return "bytes";
  if (storage === "time") return "timestamp";
  return storage === "bool" ? "boolean" : "number";
}
