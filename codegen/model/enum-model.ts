import type { DescEnum } from "@bufbuild/protobuf";
import type { EnumValue } from "../../runtime/schema/event-table.js";

/** An enum that fields use. Its values are generated once, in a file for all enums of its proto file. */
export interface EnumModel {
  readonly desc: DescEnum;
  /** Name in generated code, such as `Rcode`; a nested enum is `Message_Enum`. Unique in its proto file only. */
  readonly name: string;
  /** Name of the constant with the values in the form used by columns, such as `rcodeValues`. */
  readonly valuesName: string;
  /** Names are without their common prefix. */
  readonly values: readonly EnumValue[];
}
