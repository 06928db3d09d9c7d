import type { FieldOptionsJson } from "../../generated/wireloom/v1/annotations_pb.js";

/** What a field's proto says of it, whole: `wireloom.v1.FieldOptions` in its JSON form, without what is not set. */
export type FieldAnnotation = Readonly<FieldOptionsJson>;
