import fc from "fast-check";
import type { Column } from "../../schema/event-table.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import type { StorageForm } from "../../schema/storage-form.js";
import type { Scalar } from "../../schema/types/semantic-type.js";
import type { Row, Value } from "../../schema/value.js";

/** Few distinct values of each form, so that equal ones meet; the least and greatest of each among them. */
const SAMPLES: Readonly<Record<StorageForm, fc.Arbitrary<Scalar>>> = {
  bool: fc.boolean(),
  u16: fc.constantFrom(0, 53, 65535),
  u32: fc.constantFrom(0, 1, 2, 3, 18, 2147483648, 4294967295),
  i32: fc.constantFrom(-2147483648, -1, 0, 1, 5, 7, 2147483647),
  f64: fc.oneof(fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), fc.double()),
  u64: fc.constantFrom(0n, 1n, 0x02005e100001n, 1n << 63n, (1n << 64n) - 1n),
  i64: fc.constantFrom(-(1n << 63n), -1n, 0n, 999n, 1_500_000_000n, (1n << 63n) - 1n),
  time: fc.constantFrom(
    // 1677-09-22T00:00:00Z: date -u -d 1677-09-22 +%s.
    -9_223_286_400_000_000_000n,
    -1n,
    0n,
    1_700_000_000_123_456_789n,
    1_700_000_000_123_456_790n,
    (1n << 63n) - 2n,
    (1n << 63n) - 1n,
  ),
  u128: fc.oneof(
    fc.constantFrom(
      0n,
      0xffff_0a000001n,
      0xffff_0a0000ffn,
      0xffff_ffffffffn,
      0xfffe_ffffffffn,
      0x1_0000_00000000n,
      (1n << 128n) - 1n,
    ),
    fc.bigInt(0n, (1n << 128n) - 1n),
  ),
  uuid: fc.constantFrom(
    "00000000-0000-0000-0000-000000000000",
    "7fffffff-ffff-ffff-ffff-ffffffffffff",
    "80000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
  ),
  text: fc.oneof(
    fc.string({
      unit: fc.constantFrom("a", "A", "b", "%", "_", "\\", ".", "ß", "İ", "Σ", "σ", "\u{1f600}", "\uffff", "\n", "'"),
      maxLength: 6,
    }),
    fc.string({ unit: fc.constantFrom("a", "b"), minLength: 11, maxLength: 14 }),
    // Longer than what a database keeps beside its other values.
    fc.constantFrom("é".repeat(300), "x".repeat(10_000)),
  ),
  bytes: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ minLength: 12, maxLength: 14 })),
};

/** Texts as names: case, dots, escapes and ports, with characters whose lower case is ASCII's (U+212A, U+0130). */
const NAMES = fc.oneof(
  fc.constantFrom(
    "a.example",
    "A.eXample",
    "a.example.",
    "a.example:80",
    "A.example.:80",
    "a.example:",
    ".",
    "",
    "a\\.",
    "[::1]:80",
  ),
  fc.string({
    unit: fc.constantFrom("a", "A", "k", "\u212a", "İ", "i", "é", "É", ".", ":", "8", "\\", "%", "_", "[", "]", "\n"),
    maxLength: 5,
  }),
);

/** Values of a column, or of the items of a list, that are not null. A type has those of its stored form. */
export function scalarsOf({ type, comparison }: Column): fc.Arbitrary<Scalar> {
  return comparison === undefined ? SAMPLES[SEMANTIC_TYPES[type].storage] : NAMES;
}

/** Rows of these columns, each with an id of its own, which its place among the rows makes; all are of one agent. */
export function sampleRows(columns: readonly Column[], count: number, agentId: string, seed: number): Row[] {
  const values = columns.map((column): fc.Arbitrary<Value> => {
    if (column.isList) return fc.array(scalarsOf(column), { maxLength: 3 });
    return column.isNullable ? fc.option(scalarsOf(column), { freq: 4 }) : scalarsOf(column);
  });
  return fc.sample(fc.tuple(...values), { numRuns: count, seed }).map((row, i) =>
    row.map((value, at) => {
      const { name } = columns[at]!;
      return name === "id" ? sampleId(i) : name === "agent_id" ? agentId : value;
    }),
  );
}

/** The id of row `i` of {@link sampleRows}: their order is not that of the rows. */
function sampleId(i: number): string {
  const digits = ((i * 7919 + 1) % 1_000_003).toString(16).padStart(8, "0");
  return `${digits}-0000-7000-8000-000000000001`;
}
