import { expect, it } from "vitest";
import { BACKENDS } from "./backends.js";
import { checkLocation, openStore } from "./open-store.js";

it.each(["oracle:x", "x.db", "", ":memory:"])("%j is refused with the schemes of every backend", async (location) => {
  const { message } = await openStore(location, []).then(
    () => expect.fail("it opened"),
    (error: Error) => error,
  );
  expect(message.startsWith(`${JSON.stringify(location)} is not a store; give a location that begins with `)).toBe(
    true,
  );
  for (const { scheme } of BACKENDS) expect(message).toContain(`${scheme}:`);
  expect(() => checkLocation(location)).toThrow(message);
});

it.each(BACKENDS)("a location that $scheme suggests is one", ({ scheme, suggestLocation }) => {
  for (const text of ["", "rows", "oracle:x"]) {
    const location = suggestLocation(text);
    expect(location.startsWith(`${scheme}:`)).toBe(true);
    checkLocation(location);
  }
});
