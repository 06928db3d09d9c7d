import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import type { MessageModel } from "./message-model.js";
import type { TableModel } from "./table-model.js";

/** The Connect service of a table. */
export interface ServiceModel {
  /** Such as `DnsService`. */
  readonly name: string;
  /** The message that the table's rows are. */
  readonly message: MessageModel;
  readonly table: TableModel;
  /** The service's proto file, made from the table. */
  readonly file: FileDescriptorProto;
}
