import type { FieldOptionsJson } from "../../generated/wireloom/v1/annotations_pb.js";

/** The complete annotation of a field: `wireloom.v1.FieldOptions` in its JSON form, without unset members. */
export type FieldAnnotation = Readonly<FieldOptionsJson>;
