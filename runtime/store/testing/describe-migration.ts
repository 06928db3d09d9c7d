import { describe, expect, it } from "vitest";
import type { Column } from "../../schema/event-table.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import type { StorageForm } from "../../schema/storage-form.js";
import type { Value } from "../../schema/value.js";
import { EVERY_NULLABILITY } from "./every-type.js";
import { sampleRows } from "./sample-values.js";
import { append, byId, INTRODUCTION, type StoreUnderTest, storedRows } from "./store-under-test.js";
import { testColumns, testEvent } from "./test-event.js";

/** What a row has in a column that was added after it was stored, where it must have a value. */
const ZEROS: Readonly<Record<StorageForm, Value>> = {
  ...{ bool: false, u16: 0, u32: 0, i32: 0, f64: 0, u64: 0n, i64: 0n, time: 0n, u128: 0n },
  ...{ uuid: "00000000-0000-0000-0000-000000000000", text: "", bytes: new Uint8Array(0) },
};

function valueOfAdded({ type, isList, isNullable }: Column): Value {
  if (isList) return [];
  return isNullable ? null : ZEROS[SEMANTIC_TYPES[type].storage];
}

/** The columns of the observation with one more. */
const withOwn = (name: string, type: Column["type"]) => testColumns({ [name]: { type, isNullable: true } });
const OWN = 3;

/** A database is brought to the columns of the events that it is opened with. */
export function describeMigration(tested: StoreUnderTest): void {
  describe("a schema", () => {
    it("has columns of every semantic type added to the rows that are there", async () => {
      const older = testEvent("grown", EVERY_NULLABILITY.slice(0, OWN));
      const newer = testEvent("grown", EVERY_NULLABILITY);
      const [oldRows, newRows] = [0, 50].map((start) =>
        sampleRows(EVERY_NULLABILITY, start + 50, INTRODUCTION.agentId, 7).slice(start),
      ) as [Value[][], Value[][]];
      await append(await tested.open([older]), older.rowGroup(oldRows.map((row) => row.slice(0, OWN))));
      const store = await tested.open([newer]);
      await append(store, newer.rowGroup(newRows));
      const added = EVERY_NULLABILITY.slice(OWN).map(valueOfAdded);
      const expected = [...oldRows.map((row) => [...row.slice(0, OWN), ...added]), ...newRows].sort(byId);
      expect(await storedRows(store, newer)).toEqual(expected);
    });

    it("of a later wireloom is refused, with the column that is not known", async () => {
      const newer = testEvent("grown", withOwn("later", "text"));
      await tested.open([newer]);
      const older = testEvent("grown", EVERY_NULLABILITY.slice(0, OWN));
      await expect(tested.open([older])).rejects.toMatchObject({
        code: "store_newer",
        message: expect.stringContaining("has the column grown.later, which this wireloom does not know"),
      });
      expect(await storedRows(await tested.open([newer]), newer)).toEqual([]);
    });

    it("has what two branches added independently of each other", async () => {
      const ours = testEvent("grown", withOwn("ours", "ip"));
      const theirs = testEvent("grown", withOwn("theirs", "uint64"));
      expect(ours.table.version).toBe(theirs.table.version);
      const [row] = sampleRows(ours.table.columns, 1, INTRODUCTION.agentId, 8);
      await append(await tested.open([ours]), ours.rowGroup([row!]));
      await expect(tested.open([theirs])).rejects.toMatchObject({ code: "store_newer" });
      const columns = testColumns({
        theirs: { type: "uint64", isNullable: true },
        ours: { type: "ip", isNullable: true },
      });
      const merged = testEvent("grown", columns);
      const store = await tested.open([merged]);
      expect(await storedRows(store, merged)).toEqual([[...row!.slice(0, OWN), null, row![OWN]]]);
      await append(store, merged.rowGroup(sampleRows(columns, 10, INTRODUCTION.agentId, 9).slice(1)));
      expect(await store.countRows(merged.table, [])).toBe(10n);
    });

    it("with a column of another type is refused, with the column", async () => {
      await tested.open([testEvent("grown", withOwn("own", "text"))]);
      await expect(tested.open([testEvent("grown", withOwn("own", "uint32"))])).rejects.toMatchObject({
        code: "store_failed",
        message: expect.stringMatching(/does not fit the plugin grown: its column own is /),
      });
    });

    it("takes the table of another event without touching those that are there", async () => {
      const [first, second] = [testEvent("first", withOwn("own", "text")), testEvent("second", withOwn("own", "text"))];
      const rows = sampleRows(first.table.columns, 5, INTRODUCTION.agentId, 10);
      await append(await tested.open([first]), first.rowGroup(rows));
      await append(await tested.open([second]), second.rowGroup(rows));
      const store = await tested.open([first, second]);
      expect(await storedRows(store, first)).toEqual(rows.toSorted(byId));
      expect(await storedRows(store, second)).toEqual(rows.toSorted(byId));
    });
  });
}
