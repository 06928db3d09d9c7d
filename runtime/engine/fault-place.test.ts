import { expect, it } from "vitest";
import { faultPlace } from "./fault-place.js";

/** An error with frames in a bundle, the innermost first. */
function bundledError(message: string, ...frames: string[]): Error {
  const error = new TypeError(message);
  error.stack = [`TypeError: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

const SOURCES = [
  { file: "runtime/bytes/text.ts", line: 7 },
  { file: "plugins/dns/name.ts", line: 12 },
  { file: "plugins/dns/decoder.ts", line: 120 },
];
/** Line 1 of a script is from the first of {@link SOURCES}. */
const sourceOf = (script: string, line: number) => (script === "file:///dist/b.js" ? SOURCES[line - 1] : undefined);

it("is the first line of a source that is in neither the runtime nor generated code", () => {
  const error = bundledError("x", "file:///dist/b.js:1:4", "readName (file:///dist/b.js:2:1)", "file:///dist/b.js:3:1");
  expect(faultPlace(error, sourceOf)).toBe("plugins/dns/name.ts:12");
});

it("is the innermost frame where every source is the runtime's", () => {
  expect(faultPlace(bundledError("x", "node:fs:3:1", "async file:///dist/b.js:1:4"), sourceOf)).toBe(
    "runtime/bytes/text.ts:7",
  );
});

it("is the script that runs where its source is not known", () => {
  expect(faultPlace(bundledError("x", "file:///other/p.js:8:2", "file:///dist/b.js:3:1"), sourceOf)).toBe(
    "/other/p.js:8",
  );
  expect(faultPlace(bundledError("x", "f (file:///dist/b.js:2:2)"))).toBe("/dist/b.js:2");
});

it("is not taken from the message, which may have text of packets", () => {
  const error = bundledError("bad name\n    at file:///dist/b.js:2:1", "file:///dist/b.js:3:1");
  expect(faultPlace(error, sourceOf)).toBe("plugins/dns/decoder.ts:120");
});

it("is undefined without a stack trace", () => {
  expect(faultPlace("text", sourceOf)).toBeUndefined();
  expect(faultPlace(bundledError("x"), sourceOf)).toBeUndefined();
});
