import { expect, it } from "vitest";
import { Turns } from "./turns.js";

it("owners take turns, and each owner's work is done in order", async () => {
  const turns = new Turns();
  const done: string[] = [];
  for (let i = 0; i < 100; i++) turns.add("many", () => done.push(`many ${i}`));
  turns.add("one", () => done.push("one"));
  expect(done).toEqual([]);
  await expect.poll(() => done.length).toBe(101);
  expect(done).toEqual(["many 0", "one", ...Array.from({ length: 99 }, (_, i) => `many ${i + 1}`)]);
});

it("other events come between slices of long work", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const work = (name: string) => () => {
    for (const end = performance.now() + 5; performance.now() < end; );
    done.push(name);
  };
  for (let i = 0; i < 3; i++) turns.add("long", work(`long ${i}`));
  setImmediate(() => setImmediate(() => done.push("event")));
  await expect.poll(() => done.length).toBe(4);
  expect(done.indexOf("event")).toBeLessThan(3);
});

it("work added by work is done, after that of other owners", async () => {
  const turns = new Turns();
  const done: string[] = [];
  turns.add("a", () => {
    done.push("a 1");
    turns.add("a", () => done.push("a 2"));
  });
  turns.add("b", () => done.push("b"));
  await expect.poll(() => done.length).toBe(3);
  expect(done).toEqual(["a 1", "b", "a 2"]);
});
