import type { Column } from "../event-table.js";
import type { Operator } from "../operators.js";
import type { RequestClock } from "../request-clock.js";
import type { StorageForm } from "../storage-form.js";
import type { ScalarValue } from "../value.js";

/** A value that is not null, in the canonical form of its type. */
export type Scalar = Exclude<ScalarValue, null>;

/** Scalar types of protobuf that fields have (`descriptor.proto`, `FieldDescriptorProto.Type`); `enum` is any enum. */
export type ProtoType =
  | "bool"
  | "uint32"
  | "int32"
  | "sint32"
  | "uint64"
  | "int64"
  | "fixed64"
  | "double"
  | "string"
  | "bytes"
  | "enum";

/** The wire form of a type, from which the codecs are generated. */
export interface WireForm {
  /** Proto types that a field is declared with; every one has the same canonical values. */
  readonly protoTypes: readonly [ProtoType, ...ProtoType[]];
  /** Byte lengths that values have; any, up to the field's bound, where absent. */
  readonly byteLengths?: readonly number[];
  /** Name of the numbers' range in `runtime/protobuf/value-range.ts`; that of the proto type where absent. */
  readonly range?: "PORT" | "DURATION";
  /** Function of `runtime/record/word-values.ts` that reads bytes into words; for bytes that are stored in words. */
  readonly words?: "wordsFromAddress" | "wordsFromMac" | "wordsFrom16";
  /** What is wrong with 64-bit values that have their highest bit set, where databases store them signed. */
  readonly beyond63Bits?: string;
}

/** Random numbers for records of tests and benchmarks. */
export interface RandomSource {
  uint32(): number;
  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number;
  /** A whole number below 2^53. */
  count(): number;
  int32(): number;
}

/**
 * What a value means: its stored form, its texts, its comparisons. Each type is a file in this folder and a member of `SEMANTIC_TYPES`;
 * one that a field's annotation selects is named in `annotations.proto`, too: `port.ts` is `TYPE_PORT`.
 */
export interface SemanticType {
  readonly storage: StorageForm;
  readonly wire: WireForm;
  /** Operators of a scalar column, without `is_null`, which every nullable column has besides. */
  readonly operators: readonly Operator[];
  /** Whether rows can be put in order by it. */
  readonly isOrdered: boolean;
  /** Whether lists of it are columns. */
  readonly isListable: boolean;
  /** JSON Schema of a value as the API writes it. */
  jsonSchema(column: Pick<Column, "enumValues">): Readonly<Record<string, unknown>>;
  /** How a filter value is written, for documentation. */
  readonly valueForm: string;
  /** How a value of one column is written, for messages; `valueForm` where absent. */
  expectedForm?(column: Column): string;
  /** The canonical form of a text as people write it; undefined for one that is not a value. `clock` says what `now` is. */
  parse(text: string, column: Column, clock: RequestClock): Scalar | undefined;
  /** Text of a value without quotes, which `parse` reads back. */
  format(value: Scalar, column: Column): string;
  /** JSON text of a value. */
  formatJson(value: Scalar, column: Column): string;
  /** Negative where `left` is before `right`, 0 for equal values, else positive. */
  compare(left: Scalar, right: Scalar): number;
  /** Whether a scalar has `wanted` as a part; for types with the operator `has`. */
  has?(value: Scalar, wanted: Scalar): boolean;
  /** The value as protobuf-es keeps it in a message. */
  toMessage(value: Scalar): unknown;
  /** A random number in range, for types that are numbers on the wire; a random length in bytes for others with `byteLengths`. */
  random?(random: RandomSource): number;
}
