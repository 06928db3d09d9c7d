import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { Comparison, EnumValue } from "../runtime/schema/event-table.js";
import type { SemanticTypeName } from "../runtime/schema/semantic-type.js";
import type { DecoderOption } from "./annotations.js";

/** How a record holds a field. */
export type RecordKind = "number" | "boolean" | "timestamp" | "bytes" | "numberList" | "byteList";

/** An enum that a field has. */
export interface EnumModel {
  /** Name in generated code, such as `Rcode`. */
  readonly name: string;
  /** Names are without the enum's prefix. */
  readonly values: readonly EnumValue[];
}

/** One field of an event or of the observation. */
export interface FieldModel {
  readonly desc: DescField;
  /** snake_case. */
  readonly name: string;
  /** Property of the record and of the message. */
  readonly property: string;
  readonly number: number;
  readonly type: SemanticTypeName;
  readonly recordKind: RecordKind;
  readonly isList: boolean;
  readonly isNullable: boolean;
  /** 0 where unbounded by nature. */
  readonly maxBytes: number;
  readonly maxItems: number;
  readonly enumModel: EnumModel | undefined;
  /** The named bits of flags, else empty. */
  readonly flagValues: readonly EnumValue[];
  readonly title: string;
  readonly description: string;
  readonly wireshark: readonly string[];
  readonly isListed: boolean;
  /** How filters compare its texts; undefined for byte for byte. */
  readonly comparison: Comparison | undefined;
  /** Path collection, or the empty text. */
  readonly path: string;
}

/** One column of an event's table: a field of the event, or one of its observation. */
export interface ColumnModel {
  readonly field: FieldModel;
  readonly isObserved: boolean;
  /** Number in the service's field enum: the observation's as they are, the event's from 100. */
  readonly fieldNumber: number;
  /** Version of the table that the column came with. */
  readonly since: number;
}

/** What the schema lock records of a table. */
export interface TableVersion {
  readonly version: number;
  readonly columns: readonly ColumnModel[];
}

/** A message and what is generated from it alone: record and codec. */
export interface RecordModel {
  readonly message: DescMessage;
  /** Class of the record, such as `DnsRecord`. */
  readonly recordName: string;
  readonly fields: readonly FieldModel[];
}

/** A plugin: one annotated event message in one folder. */
export interface EventModel extends RecordModel {
  /** Folder name under `plugins/`, in kebab-case. */
  readonly plugin: string;
  /** Message name, such as `Dns`. */
  readonly name: string;
  /** camelCase of the name, for generated constants. */
  readonly variable: string;
  readonly resource: string;
  readonly title: string;
  readonly description: string;
  /** Fields of the event itself, without the observation. */
  readonly fields: readonly FieldModel[];
  readonly udpPorts: readonly number[];
  readonly ethertypes: readonly number[];
  readonly ipProtocols: readonly number[];
  readonly everyPacket: boolean;
  readonly tcpPorts: readonly number[];
  readonly options: readonly DecoderOption[];
  readonly pending: { readonly maxEntries: number; readonly ttlMs: number } | undefined;
  readonly hasProbe: boolean;
  readonly table: TableVersion;
}

/** Everything that is generated from. */
export interface SchemaModel {
  readonly observation: RecordModel;
  readonly events: readonly EventModel[];
}
