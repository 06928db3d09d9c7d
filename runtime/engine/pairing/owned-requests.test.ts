import fc from "fast-check";
import { expect, it } from "vitest";
import { OwnedRequests } from "./owned-requests.js";
import { NO_REQUEST } from "./request-owner.js";

const CAPACITY = 6;

it("each owner has its own requests, whichever are removed in between", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(CAPACITY - 1), fc.nat(2)), { maxLength: 40 }), (steps) => {
      const owned = new OwnedRequests(CAPACITY);
      const owners = [0, 1].map(() => ({
        newestRequest: NO_REQUEST,
        oldestRequest: NO_REQUEST,
        losses: 0,
        copies: 0,
      }));
      const expected = new Map<number, number>();
      for (const [slot, owner] of steps) {
        owned.remove(slot);
        expected.delete(slot);
        if (owner === owners.length) continue;
        owned.add(slot, owners[owner]!);
        expected.set(slot, owner);
      }
      for (let slot = 0; slot < CAPACITY; slot++) expect(owned.isOwned(slot)).toBe(expected.has(slot));
      for (const [index, owner] of owners.entries()) {
        const left: number[] = [];
        while (owner.newestRequest !== NO_REQUEST) {
          left.push(owner.newestRequest);
          owned.remove(owner.newestRequest);
        }
        expect(left.sort()).toEqual(
          [...expected]
            .filter(([, of]) => of === index)
            .map(([slot]) => slot)
            .sort(),
        );
      }
    }),
  );
});

it("a request has a loss if its owner lost bytes after it was added", () => {
  const owned = new OwnedRequests(2);
  const owner = { newestRequest: NO_REQUEST, oldestRequest: NO_REQUEST, losses: 3, copies: 0 };
  owned.add(0, owner);
  expect([owned.hasLoss(0), owned.hasLoss(1)]).toEqual([false, false]);
  owner.losses++;
  owned.add(1, owner);
  expect([owned.hasLoss(0), owned.hasLoss(1)]).toEqual([true, false]);
});
