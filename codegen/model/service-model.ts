import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import type { MessageModel } from "./message-model.js";
import type { TableModel } from "./table-model.js";

/** The Connect service of a table. */
export interface ServiceModel {
  /** Such as `DnsService`. */
  readonly name: string;
  /** The message type of the table's rows. */
  readonly message: MessageModel;
  readonly table: TableModel;
  /** The service's proto file, synthesized from the table. */
  readonly file: FileDescriptorProto;
}
