import fc from "fast-check";
import { expect, it } from "vitest";
import { RequestRows } from "./request-rows.js";

const CAPACITY = 16;
/** Lengths around the limit for copying word by word, and around a word. */
const lengths = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 500, max: 520 }), fc.nat(3000));

it("rows keep their bytes while others are added, removed and compacted", () => {
  const step = fc.record({ slot: fc.nat(CAPACITY - 1), length: lengths, offset: fc.nat(3), isAgain: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 60_000, max: 70_001 }), (steps, maxBytes) => {
      const rows = new RequestRows(maxBytes);
      const starts = new Uint32Array(CAPACITY);
      const lengthsOf = new Uint32Array(CAPACITY);
      /** In the order in which they were added. */
      const kept = new Map<number, Uint8Array>();
      const makeRoom = (length: number) => {
        if (!rows.fits(length)) rows.makeRoom(length, kept.keys(), { starts, lengths: lengthsOf });
      };
      const remove = (slot: number) => {
        rows.remove(lengthsOf[slot]!);
        kept.delete(slot);
      };
      for (const [i, { slot, length, offset, isAgain }] of steps.entries()) {
        const known = kept.get(slot);
        if (known !== undefined && isAgain) {
          makeRoom(known.length);
          starts[slot] = rows.addAgain(starts[slot]!, known.length);
          remove(slot);
          kept.set(slot, known);
          continue;
        }
        if (known !== undefined) remove(slot);
        while (kept.size > 0 && !rows.hasRoom(length)) remove([...kept.keys()][0]!);
        makeRoom(length);
        const row = new Uint8Array(length + offset + 8).fill(i + 1).subarray(offset);
        starts[slot] = rows.add(row, length);
        lengthsOf[slot] = length;
        kept.set(slot, row.slice(0, length));
        for (const [other, bytes] of kept) {
          const start = starts[other]!;
          expect(rows.bytes.subarray(start, start + bytes.length)).toEqual(bytes);
        }
      }
    }),
  );
});
