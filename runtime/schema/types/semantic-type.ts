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
export interface WireForm<P extends ProtoType = ProtoType> {
  /** Proto types that a field is declared with; every one has the same canonical values. */
  readonly protoTypes: readonly [P, ...P[]];
  /** Byte lengths that values have; any, up to the field's bound, where absent. */
  readonly byteLengths?: readonly number[];
  /**
   * Smallest and largest whole number, with 0 between them, because a field that is not set is 0. Where absent, the numbers of the proto type
   * that the storage form holds. Encoders adjust other numbers (`runtime/protobuf/value-range.ts`), and readers refuse them.
   */
  readonly range?: { readonly minimum: number; readonly maximum: number };
  /** Whether records keep numbers of 64 bits as doubles, exact below 2^53, instead of numbers and bigints. */
  readonly isAlwaysNumber?: true;
  /** Function of `runtime/record/word-values.ts` that reads bytes into words; for bytes that are stored in words. */
  readonly words?: "wordsFromAddress" | "wordsFromMac" | "wordsFrom16";
}

/** A storage form, and the proto types whose values it holds. */
type Stored<S extends StorageForm, P extends ProtoType> = { readonly storage: S; readonly wire: WireForm<P> };

/** A storage form that list columns cannot have. */
type StoredAlone<S extends StorageForm, P extends ProtoType> = Stored<S, P> & { readonly isListable: false };

type AnyStored =
  | StoredAlone<"bool", "bool">
  | Stored<"u16" | "u32" | "i32", "uint32" | "int32" | "sint32" | "enum">
  | StoredAlone<"u64" | "i64", "uint32" | "int32" | "uint64" | "int64" | "bytes">
  | StoredAlone<"time", "fixed64">
  | Stored<"f64", "double">
  | Stored<"u128" | "uuid" | "bytes", "bytes">
  | Stored<"text", "string">;

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
export type SemanticType = SemanticRules & AnyStored;

/** The rules of a type's values, apart from their forms in bytes. */
export interface SemanticRules {
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
