import { expect, it } from "vitest";
import { Opening } from "./opening.js";

it("a promise that is polled often gets one continuation", async () => {
  let continuations = 0;
  let resolve: (resource: string) => void = () => undefined;
  const slow = new Promise<string>((resolveSlow) => {
    resolve = resolveSlow;
  });
  const then = slow.then.bind(slow);
  // Waiting for a promise calls its `then`.
  const counted = Object.assign(slow, {
    // biome-ignore lint/suspicious/noThenProperty: it counts the continuations.
    then: (...reactions: Parameters<typeof then>) => {
      continuations++;
      return then(...reactions);
    },
  });
  const opening = new Opening(counted);
  for (let i = 0; i < 20; i++) expect(await opening.within(1)).toBeUndefined();
  const waiting = opening.within(60_000);
  resolve("open");
  expect(await waiting).toBe("open");
  expect(await opening.within(0)).toBe("open");
  await opening.settled;
  expect(continuations).toBe(1);
});

it("a resource that could not be opened rejects, and does not keep its owner from closing", async () => {
  const opening = new Opening(Promise.reject(new Error("no such file")));
  await opening.settled;
  await expect(opening.within(0)).rejects.toThrow("no such file");
});
