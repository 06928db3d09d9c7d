import fc from "fast-check";
import { expect, it } from "vitest";
import { SlotOrder } from "./slot-order.js";

const CAPACITY = 8;
const LISTS = 3;

/** The slots of a list, least recently touched first. */
function slotsOf(order: SlotOrder, list: number): number[] {
  const slots: number[] = [];
  for (let slot = order.oldest(list); slot !== -1; slot = order.newer(slot)) slots.push(slot);
  return slots;
}

it("behaves like arrays in which slots are moved", () => {
  const step = fc.tuple(fc.constantFrom("begin", "touch", "change", "free"), fc.nat(CAPACITY - 1), fc.nat(LISTS - 1));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const order = new SlotOrder(CAPACITY, LISTS);
      const lists: number[][] = Array.from({ length: LISTS }, () => []);
      for (const [what, index, list] of steps) {
        const taken = lists.flat();
        if (what === "begin") {
          if (taken.length === CAPACITY) continue;
          const slot = order.take();
          expect(taken).not.toContain(slot);
          order.begin(slot, list);
          lists[list]!.push(slot);
          continue;
        }
        const slot = taken[index % taken.length];
        if (slot === undefined) continue;
        const from = lists.findIndex((own) => own.includes(slot));
        lists[from]!.splice(lists[from]!.indexOf(slot), 1);
        if (what === "free") order.free(slot);
        else {
          const to = what === "touch" ? from : list;
          lists[to]!.push(slot);
          if (what === "touch") order.touch(slot);
          else order.change(slot, list);
          expect(order.listOf(slot)).toBe(to);
        }
      }
      for (const [list, slots] of lists.entries()) {
        expect(slotsOf(order, list)).toEqual(slots);
        expect(order.newest(list)).toBe(slots.at(-1) ?? -1);
        for (const [i, slot] of slots.entries()) expect(order.older(slot)).toBe(slots[i - 1] ?? -1);
      }
    }),
  );
});
