import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import type { StorageForm } from "../../runtime/schema/storage-form.js";
import type { ProtoType } from "../../runtime/schema/types/semantic-type.js";
import type { FieldModel } from "../model/field-model.js";
import { code, type Line, runtime } from "./code.js";

/** The smallest and the largest whole number of a field. */
export interface FieldRange {
  readonly minimum: bigint;
  readonly maximum: bigint;
}

const PROTO_RANGES: Readonly<Partial<Record<ProtoType, FieldRange>>> = {
  uint32: unsigned(32n),
  int32: signed(32n),
  sint32: signed(32n),
  enum: signed(32n),
  uint64: unsigned(64n),
  int64: signed(64n),
  fixed64: unsigned(64n),
};

const STORAGE_RANGES: Readonly<Partial<Record<StorageForm, FieldRange>>> = {
  u16: unsigned(16n),
  u32: unsigned(32n),
  i32: signed(32n),
  u64: unsigned(64n),
  i64: signed(64n),
  time: signed(64n),
};

/** Largest number up to which a double represents every whole number. */
const MAX_EXACT = 2n ** 53n;

/**
 * The numbers that the proto type, the storage form and the range of a field's type have in common; undefined for fields that are
 * not whole numbers. Throws for a range without 0.
 */
export function rangeOf({ type, protoType }: FieldModel): FieldRange | undefined {
  const { storage, wire } = SEMANTIC_TYPES[type];
  const ofProto = PROTO_RANGES[protoType];
  const ofStorage = STORAGE_RANGES[storage];
  if (ofProto === undefined || ofStorage === undefined) return undefined;
  const both = intersect(ofProto, ofStorage);
  if (wire.range === undefined) return both;
  const own = { minimum: BigInt(wire.range.minimum), maximum: BigInt(wire.range.maximum) };
  if (own.minimum > 0n || own.maximum < 0n) throw new Error(`the range of type ${type} does not have 0`);
  return intersect(both, own);
}

/** Whether a field has fewer numbers than its proto type. */
export function isNarrow(field: FieldModel): boolean {
  const range = rangeOf(field);
  const ofProto = PROTO_RANGES[field.protoType];
  return (
    range !== undefined && ofProto !== undefined && (range.minimum > ofProto.minimum || range.maximum < ofProto.maximum)
  );
}

/** Whether records hold numbers of a field as bigints: those that a double cannot hold. */
export function isWide(field: FieldModel): boolean {
  if (field.recordKind !== "number" || SEMANTIC_TYPES[field.type].wire.isAlwaysNumber === true) return false;
  const range = rangeOf(field);
  return range !== undefined && (range.minimum < -MAX_EXACT || range.maximum > MAX_EXACT);
}

/** The constant with a number field's `NumberRange`. */
export function emitRangeName(field: FieldModel): Line {
  if (isNarrow(field)) return narrowName(field);
  return runtime(field.protoType === "sint32" ? "INT32" : field.protoType.toUpperCase(), "protobuf/value-range");
}

function narrowName({ type, protoType }: FieldModel): string {
  return `${type}_${protoType}`.toUpperCase();
}

/** The constants of the ranges that are narrower than those of the proto types. */
export function emitNarrowRanges(fields: readonly FieldModel[]): Line[] {
  const numbers = fields.filter(({ recordKind }) => recordKind === "number" || recordKind === "numberList");
  const byName = new Map(numbers.filter(isNarrow).map((field) => [narrowName(field), field]));
  return [...byName].flatMap(([name, field]) => {
    const { minimum, maximum } = rangeOf(field)!;
    const numberRange = runtime("numberRange", "protobuf/value-range");
    return [
      "",
      `/** Numbers of type ${field.type} in ${field.protoType} fields. */`,
      code`const ${name} = ${numberRange}(${`${minimum}n`}, ${`${maximum}n`});`,
    ];
  });
}

/** Whether a varint of a field is a number in two's complement. */
export function isSigned({ protoType }: FieldModel): boolean {
  return protoType === "int32" || protoType === "int64";
}

/** The condition that a 64-bit number in `cursor.low` and `cursor.high` is out of a field's range; empty if none is. */
export function emitIsBeyond(field: FieldModel): string {
  const range = rangeOf(field);
  if (range === undefined) return "";
  const all = isSigned(field) ? signed(64n) : unsigned(64n);
  const high = isSigned(field) ? "(cursor.high | 0)" : "cursor.high";
  const conditions: string[] = [];
  if (range.maximum < all.maximum) conditions.push(compareWords(high, ">", range.maximum, 0xffff_ffffn));
  if (range.minimum > all.minimum) conditions.push(compareWords(high, "<", range.minimum, 0n));
  return conditions.join(" || ");
}

/** Compares a number in two words with a bound; `last` is the lower word of a bound for which comparing the upper words is enough. */
function compareWords(high: string, operator: "<" | ">", bound: bigint, last: bigint): string {
  const upper = bound >> 32n;
  const lower = BigInt.asUintN(32, bound);
  const upperComparison = `${high} ${operator} ${upper}`;
  return lower === last
    ? upperComparison
    : `${upperComparison} || (${high} === ${upper} && cursor.low ${operator} ${lower})`;
}

function intersect(left: FieldRange, right: FieldRange): FieldRange {
  return {
    minimum: isBelow(left.minimum, right.minimum) ? right.minimum : left.minimum,
    maximum: isBelow(left.maximum, right.maximum) ? left.maximum : right.maximum,
  };
}

/** Compared apart, because Math.min and Math.max do not take bigints. */
function isBelow(left: bigint, right: bigint): boolean {
  return left < right;
}

function unsigned(bits: bigint): FieldRange {
  return { minimum: 0n, maximum: 2n ** bits - 1n };
}

function signed(bits: bigint): FieldRange {
  return { minimum: -(2n ** (bits - 1n)), maximum: 2n ** (bits - 1n) - 1n };
}
