import { fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { randomEvents } from "../../generated/testing/random-events.js";
import type { EventRecord } from "../plugin/event-record.js";
import { findPlugin } from "../plugin/testing/decode-rows.js";
import { ByteSlot } from "../record/byte-slot.js";
import { ByteList, NumberList } from "../record/lists.js";
import { Timestamp } from "../record/timestamp.js";
import type { Column } from "../schema/event-table.js";
import { formatValueJson } from "../schema/format-value.js";
import { rowFromColumns } from "../schema/row-from-columns.js";
import type { ScalarValue } from "../schema/value.js";
import { BatchWriter } from "./batch-writer.js";
import { adjustments } from "./value-range.js";

/** What a decoder may assign by mistake, besides what its field is for. */
const anyNumber = fc.oneof(
  fc.constantFrom<unknown>(
    ...[Number.NaN, undefined, "5", true, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1, -1, 1.5, -0.5],
    ...[65535, 65536, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 60],
    ...[2 ** 63 - 1024, 2 ** 63, -(2 ** 63), -(2 ** 64), 2 ** 64 - 2048, 2 ** 64, 1e300],
  ),
  fc.integer(),
  fc.double(),
);

/** Ranges of whole numbers by type of column, as its documentation has them. */
const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  uint32: [0n, 4294967295n],
  flags: [0n, 4294967295n],
  port: [0n, 65535n],
  int32: [-2147483648n, 2147483647n],
  enum: [-2147483648n, 2147483647n],
  uint64: [0n, 18446744073709551615n],
  int64: [-9223372036854775808n, 9223372036854775807n],
  duration: [0n, 9223372036854775807n],
};

/** What a row holds of a number that a decoder assigned, and whether that is another one. */
function expectedNumber({ type, isNullable }: Column, given: unknown): { value: ScalarValue; isAdjusted: boolean } {
  const stored = (whole: bigint) =>
    type === "uint64" || type === "int64" || type === "duration" ? whole : Number(whole);
  const absent = isNullable ? null : stored(0n);
  if (given === null && isNullable) return { value: null, isAdjusted: false };
  if (typeof given !== "number" || Number.isNaN(given)) return { value: absent, isAdjusted: true };
  const [minimum, maximum] = RANGES[type]!;
  const isWhole = Number.isInteger(given);
  if (!Number.isFinite(given)) {
    if (isNullable || type === "enum") return { value: absent, isAdjusted: true };
    return { value: given > 0 ? largest(type, maximum) : stored(minimum), isAdjusted: true };
  }
  const whole = BigInt(Math.trunc(given));
  if (whole >= minimum && whole <= maximum) return { value: stored(whole), isAdjusted: !isWhole };
  if (isNullable || type === "enum") return { value: absent, isAdjusted: true };
  return { value: whole < minimum ? stored(minimum) : largest(type, maximum), isAdjusted: true };
}

/** The largest number below a bound that a double holds. */
function largest(type: string, maximum: bigint): ScalarValue {
  if (type === "uint64") return maximum - 2047n;
  return type === "int64" || type === "duration" ? maximum - 1023n : Number(maximum);
}

/** Encodes a record and returns the one row that the reader of columns makes of it, by column name. */
function rowOf(resource: string, record: EventRecord): { row: Map<string, unknown>; body: Uint8Array } {
  const { table, codec } = findPlugin(registry.plugins, resource);
  const writer = new BatchWriter(16);
  codec.encode(record, writer);
  const rows = writer.take();
  const columns = codec.createColumns();
  expect(codec.read(rows, 0, rows.length, columns)).toBe(rows.length);
  expect(columns.rowCount).toBe(1);
  const values = rowFromColumns(table, columns, 0);
  let at = 1;
  while (rows[at]! > 127) at++;
  return { row: new Map(table.columns.map(({ name }, i) => [name, values[i]])), body: rows.subarray(at + 1) };
}

function identified(record: EventRecord): void {
  record.observation.id.set(
    Uint8Array.from({ length: 16 }, (_, i) => i + 1),
    0,
    16,
  );
  record.observation.time.set(1_700_000_000, 5);
}

/** The object that holds a column's field: the record, its observation or another group of it. */
function holderOf(record: EventRecord, { messagePath }: Column): [Record<string, unknown>, string] {
  // Fields are looked up by the names that the table gives them.
  const fields = record as unknown as Record<string, Record<string, unknown>>;
  return [messagePath.length === 2 ? fields[messagePath[0]!]! : fields, messagePath.at(-1)!];
}

describe.each(randomEvents)("a record of $resource", ({ resource, codec, message }) => {
  const { columns } = findPlugin(registry.plugins, resource).table;
  const isScalarNumber = ({ type, isList }: Column) => type in RANGES && !isList;

  it("with any numbers becomes a row that both readers accept, with each number in its range", () => {
    const fields = columns.filter((column) => isScalarNumber(column));
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: fields.length, maxLength: fields.length }), (given) => {
        const record = codec.createRecord();
        identified(record);
        const expected = fields.map((column, i) => {
          const [holder, property] = holderOf(record, column);
          holder[property] = given[i];
          return expectedNumber(column, given[i]);
        });
        const before = adjustments.count;
        const { row, body } = rowOf(resource, record);
        expect(fields.map(({ name }) => row.get(name))).toEqual(expected.map(({ value }) => value));
        expect(adjustments.count - before).toBe(expected.filter(({ isAdjusted }) => isAdjusted).length);
        expect(Buffer.compare(toBinary(message, fromBinary(message, body)), body)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("with any times, lists, booleans and lengths of bytes becomes a row that both readers accept", () => {
    const anyBytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.infiniteStream(anyNumber), fc.infiniteStream(anyBytes), (numbers, byteStrings) => {
        const record = codec.createRecord();
        const nextNumber = () => numbers.next().value as number;
        for (const column of columns) {
          const [holder, property] = holderOf(record, column);
          const field = holder[property];
          if (field instanceof Timestamp) {
            if (nextNumber() === 1) {
              field.high = nextNumber();
              field.low = nextNumber();
            } else field.set(nextNumber(), nextNumber());
          } else if (field instanceof ByteSlot) {
            const bytes = byteStrings.next().value!;
            field.set(bytes, 0, bytes.length);
          } else if (field instanceof ByteList) {
            for (let i = 0; i < 3; i++) {
              const bytes = byteStrings.next().value!;
              field.push(bytes, 0, bytes.length);
            }
          } else if (field instanceof NumberList) for (let i = 0; i < 3; i++) field.push(nextNumber());
          else holder[property] = nextNumber();
        }
        record.observation.id.reset();
        record.observation.id.set(new Uint8Array(16).fill(7), 0, 16);
        const { row, body } = rowOf(resource, record);
        for (const { name, type, isList } of columns) {
          if (type === "timestamp" && !isList && row.get(name) !== null) {
            expect(row.get(name)).toBeGreaterThanOrEqual(0n);
          }
        }
        fromBinary(message, body);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a number of 64 bits", () => {
  const flow = findPlugin(registry.plugins, "flow");
  const any64Bits = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  );

  it("is the same from the record to the row, in both readers and in JSON", () => {
    fc.assert(
      fc.property(any64Bits, any64Bits, (bytes, missed) => {
        const record = flow.codec.createRecord() as EventRecord & {
          srcBytes: number | bigint;
          srcMissedBytes: number | bigint | null;
        };
        identified(record);
        record.srcBytes = bytes;
        record.srcMissedBytes = missed;
        const before = adjustments.count;
        const { row, body } = rowOf("flow", record);
        const inRange = (value: bigint) => value >= 0n && value < 2n ** 64n;
        const kept = inRange(bytes) ? bytes : bytes < 0n ? 0n : 2n ** 64n - 1n;
        expect(row.get("src_bytes")).toBe(kept);
        expect(row.get("src_missed_bytes")).toBe(inRange(missed) ? missed : null);
        expect(adjustments.count - before).toBe(Number(!inRange(bytes)) + Number(!inRange(missed)));
        const again = flow.codec.createRecord() as typeof record;
        flow.codec.decode(body, 0, body.length, again);
        expect(BigInt(again.srcBytes)).toBe(kept);
        const column = flow.table.columns.find(({ name }) => name === "src_bytes")!;
        expect(formatValueJson(column, kept)).toBe(String(kept));
      }),
    );
  });
});

describe("a time", () => {
  it.each([
    ["before 1970", -1, 0, 0n],
    ["after 2262-04-11", 9_223_372_037, 0, 2n ** 63n - 1n],
    ["that is not a number", Number.NaN, 0, 0n],
    ["far away", 1e30, 0, 2n ** 63n - 1n],
  ])("%s is the nearest one if the field requires one, and null elsewhere", (_, seconds, nanoseconds, nearest) => {
    const ntp = findPlugin(registry.plugins, "ntp").codec.createRecord() as EventRecord & { originTime: Timestamp };
    identified(ntp);
    ntp.observation.time.set(seconds, nanoseconds);
    ntp.originTime.set(seconds, nanoseconds);
    const before = adjustments.count;
    const { row } = rowOf("ntp", ntp);
    expect([row.get("time"), row.get("origin_time")]).toEqual([nearest, null]);
    expect(adjustments.count - before).toBe(2);
  });

  it("at the last nanosecond of the range is kept", () => {
    const ntp = findPlugin(registry.plugins, "ntp").codec.createRecord();
    identified(ntp);
    ntp.observation.time.set(9_223_372_036, 854_775_807);
    expect(rowOf("ntp", ntp).row.get("time")).toBe(2n ** 63n - 1n);
  });
});

describe("bytes", () => {
  const source = new Uint8Array(10);

  it.each([
    ["end before they start", 5, 4],
    ["continue after their source", 5, 11],
    ["start before it", -1, 4],
    ["have a broken position", 0.5, 4],
    ["have no position", Number.NaN, 4],
  ])("that %s are refused, and the value is unchanged", (_, start, end) => {
    const slot = new ByteSlot(100);
    slot.setText("kept");
    expect(() => slot.append(source, start, end)).toThrow(RangeError);
    expect([slot.length, slot.isPresent]).toEqual([4, true]);
  });

  it("of a list's item that overwrite earlier items are refused", () => {
    const list = new ByteList(4, 100);
    list.push(source, 0, 10);
    list.arena.set(source, 0, 5);
    expect(() => list.endItem()).toThrow(RangeError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 53])("do not accept %d in digits", (value) => {
    expect(() => new ByteSlot(100).appendNumber(value)).toThrow(RangeError);
  });
});
