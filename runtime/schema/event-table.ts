import type { FieldAnnotation } from "./field-annotation.js";
import type { Operator } from "./operators.js";
import type { SemanticTypeName } from "./semantic-types.js";

/** A named value of an enum column; the name is without the enum's prefix. */
export interface EnumValue {
  readonly number: number;
  readonly name: string;
  /** The proto comment, in one line; absent without one. */
  readonly description?: string;
}

/**
 * How filters compare the texts of a column other than byte by byte: `name` as domain names, `host` as HTTP hosts.
 * `runtime/schema/name-comparison.ts` implements the rules.
 */
export type Comparison = "name" | "host";

/** One column of an event's table. */
export interface Column {
  /** snake_case: column, JSON member and the start of filter parameters. */
  readonly name: string;
  readonly type: SemanticTypeName;
  readonly isList: boolean;
  readonly isNullable: boolean;
  /** Values of an enum column, or the named bits of flags; otherwise empty. */
  readonly enumValues: readonly EnumValue[];
  readonly title: string;
  /** The proto comment, in one line. */
  readonly description: string;
  /** Wireshark's names for the same value; the packet has at most one of them. */
  readonly wireshark: readonly string[];
  /** Absent if texts are compared byte by byte. */
  readonly comparison?: Comparison;
  /** Shown in lists by default. */
  readonly isListed: boolean;
  /** The complete annotation of the field; the members above contain the most used parts. */
  readonly annotation: FieldAnnotation;
  /** Options of other projects, by the full name of their extension; absent without. */
  readonly foreignAnnotations?: Readonly<Record<string, unknown>>;
  /** Number in the service's field enum; stable over additive changes. */
  readonly fieldNumber: number;
  /** protobuf-es property names from the event message to the value, such as `["observation", "srcPort"]`. */
  readonly messagePath: readonly string[];
}

/** An event's table, made from its message. */
export interface EventTable {
  /** Table, REST collection, command line and web resource. */
  readonly resource: string;
  readonly title: string;
  readonly description: string;
  /** Full name of the message. */
  readonly eventType: string;
  /** Number of generations of its columns, from 1: grows by one with each additive change of the schema. */
  readonly version: number;
  /** In the order of rows as people see them. */
  readonly columns: readonly Column[];
  /** How long rows are kept, in seconds; absent to keep them as long as there is room. */
  readonly retentionSeconds?: number;
}

/** The meaning of a filter parameter. */
export interface Filter {
  readonly column: Column;
  readonly operator: Operator;
}

/** A collection bound to one value of a column, such as `/v1/agents/{agent_id}/dns`. */
export interface PathTemplate {
  /** With the placeholder in braces, as OpenAPI writes it. */
  readonly template: string;
  /** Name of the placeholder. */
  readonly placeholder: string;
  readonly filter: Filter;
}

/** Query options of one event. */
export interface EventQuery {
  /** By parameter name, such as `query_name_eq`. */
  readonly filters: ReadonlyMap<string, Filter>;
  /** Columns that rows can be ordered by, by name. */
  readonly orderings: ReadonlyMap<string, Column>;
  /** By the service's field number. */
  readonly columnsByNumber: ReadonlyMap<number, Column>;
  readonly pathTemplates: readonly PathTemplate[];
}
