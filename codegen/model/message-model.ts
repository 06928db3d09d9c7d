import type { DescMessage } from "@bufbuild/protobuf";
import type { FieldModel } from "./field-model.js";

/** Full name of the group that is the first field of every event. */
export const OBSERVATION = "wireloom.v1.Observation";

/** A message that records and codecs are generated from: an event, or a group of fields that events include. */
export interface MessageModel {
  readonly desc: DescMessage;
  /** Name in generated code, such as `Dns` of `DnsRecord`. */
  readonly name: string;
  readonly isGroup: boolean;
  /** Scalar fields and lists, by number. */
  readonly fields: readonly FieldModel[];
  /** Included groups, by number; the first one of an event is the observation. */
  readonly groups: readonly IncludedGroup[];
}

/** A group as a field of an event. Its fields are columns of the event's table. */
export interface IncludedGroup {
  /** snake_case name of the event's field. */
  readonly name: string;
  /** Property of the event's record and message. */
  readonly property: string;
  readonly number: number;
  readonly message: MessageModel;
}

/** Groups of an event except the observation. */
export function ownGroups({ groups }: MessageModel): IncludedGroup[] {
  return groups.filter(({ message }) => message.desc.typeName !== OBSERVATION);
}
