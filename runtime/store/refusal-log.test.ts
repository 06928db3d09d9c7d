import { expect, test } from "vitest";
import type { RowGroupRefusal } from "./ingest-store.js";
import { RefusalLog } from "./refusal-log.js";

const refusal = (rows: number): RowGroupRefusal => ({
  eventType: "x",
  rows,
  code: "malformed_row_group",
  message: "bad",
});
const rowsAfter = (log: RefusalLog, session: string, sequence: bigint) =>
  log.after(session, sequence).map(({ refusal: { rows } }) => rows);

test("has what was refused after a batch, of its session alone, and forgets what came before it", () => {
  const log = new RefusalLog();
  log.add("a", 1n, [refusal(1)]);
  log.add("a", 2n, []);
  log.add("a", 3n, [refusal(2), refusal(3)]);
  log.add("b", 9n, [refusal(4)]);
  expect(rowsAfter(log, "a", 0n)).toEqual([1, 2, 3]);
  expect(rowsAfter(log, "a", 1n)).toEqual([2, 3]);
  expect(rowsAfter(log, "a", 0n)).toEqual([2, 3]);
  expect(rowsAfter(log, "a", 3n)).toEqual([]);
  expect(rowsAfter(log, "b", 8n)).toEqual([4]);
  log.forget("b");
  expect(rowsAfter(log, "b", 0n)).toEqual([]);
});

test("keeps the latest of a session, and those of the sessions that were refused something last", () => {
  const log = new RefusalLog();
  for (let i = 1; i <= 1500; i++) log.add("a", BigInt(i), [refusal(i)]);
  expect(rowsAfter(log, "a", 0n)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 501));
  for (let session = 0; session < 20; session++) {
    log.add(
      `s${session}`,
      1n,
      Array.from({ length: 900 }, () => refusal(1)),
    );
  }
  const kept = Array.from({ length: 20 }, (_, session) => rowsAfter(log, `s${session}`, 0n).length);
  expect(kept).toEqual([...Array(9).fill(0), ...Array(11).fill(900)]);
  expect(rowsAfter(log, "a", 0n)).toEqual([]);
});
