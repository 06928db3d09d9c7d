import type { DescEnum } from "@bufbuild/protobuf";
import type { EnumValue } from "../../runtime/schema/event-table.js";

/** An enum that fields have. Its values are generated once, in a file for all enums of its proto file. */
export interface EnumModel {
  readonly desc: DescEnum;
  /** Name in generated code, such as `Rcode`; one of a message is `Message_Enum`. Unique in its proto file only. */
  readonly name: string;
  /** Constant with the values as columns have them, such as `rcodeValues`. */
  readonly valuesName: string;
  /** Names are without the prefix that all of them have. */
  readonly values: readonly EnumValue[];
}
