import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, expect, it } from "vitest";
import type { SourceLookup } from "../engine/source-lookup.js";
import { sourceStack, sourcesIn } from "./source-maps.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-maps-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Line 2 of the script comes from line 3 of the source: EAEA is 2, 0, 2, 0, which are its column, and the source, its line and its column, from 0. */
const MAP = { version: 3, sources: ["../../../plugins/dns/decoder.ts"], names: [], mappings: ";EAEA" };
const urlOf = (name: string) => pathToFileURL(join(folder, name)).href;

let sourceOf: SourceLookup;
beforeEach(() => {
  sourceOf = sourcesIn(pathToFileURL(`${folder}/`));
});

it("finds the source of a place, relative to the folder that contains the runtime", () => {
  writeFileSync(join(folder, "a.js.map"), JSON.stringify(MAP));
  expect(sourceOf(urlOf("a.js"), 2, 9)).toEqual({ file: "plugins/dns/decoder.ts", line: 3 });
});

it("reads a map once", () => {
  const map = join(folder, "b.js.map");
  expect(sourceOf(urlOf("b.js"), 2, 9)).toBeUndefined();
  writeFileSync(map, JSON.stringify(MAP));
  expect(sourceOf(urlOf("b.js"), 2, 9)).toBeUndefined();
  expect(sourcesIn(pathToFileURL(`${folder}/`))(urlOf("b.js"), 2, 9)).toBeDefined();
});

it.each(["", "{", "null", "{}", '{"version":3,"sources":[],"names":[],"mappings":""}'])(
  "has no source from the map %s",
  (text) => {
    writeFileSync(join(folder, "c.js.map"), text);
    expect(sourceOf(urlOf("c.js"), 2, 9)).toBeUndefined();
  },
);

it("reads no maps of other folders, nor of sources", () => {
  writeFileSync(join(folder, "d.ts.map"), JSON.stringify(MAP));
  expect(sourceOf(urlOf("d.ts"), 2, 9)).toBeUndefined();
  writeFileSync(join(folder, "a.js.map"), JSON.stringify(MAP));
  expect(sourcesIn(new URL("file:///elsewhere/"))(urlOf("a.js"), 2, 9)).toBeUndefined();
});

it("has no sources of a build that takes the place of the one that runs", () => {
  const dist = join(folder, "dist");
  const build = () => {
    mkdirSync(join(folder, "dist.new"));
    writeFileSync(join(folder, "dist.new", "a.js.map"), JSON.stringify(MAP));
    rmSync(dist, { recursive: true, force: true });
    renameSync(join(folder, "dist.new"), dist);
  };
  build();
  const script = pathToFileURL(join(dist, "a.js")).href;
  const running = sourcesIn(pathToFileURL(`${dist}/`));
  build();
  expect(running(script, 2, 9)).toEqual({ file: "an earlier build's a.js", line: 2 });
  expect(sourceStack(`at read (${script}:2:9)`, running)).toBe("at read (an earlier build's a.js:2)");
  expect(sourcesIn(pathToFileURL(`${dist}/`))(script, 2, 9)).toEqual({ file: "plugins/dns/decoder.ts", line: 3 });
});

it("keeps the sources that it read before", () => {
  const dist = join(folder, "kept");
  mkdirSync(dist);
  writeFileSync(join(dist, "a.js.map"), JSON.stringify(MAP));
  const running = sourcesIn(pathToFileURL(`${dist}/`));
  const script = pathToFileURL(join(dist, "a.js")).href;
  expect(running(script, 2, 9)?.line).toBe(3);
  rmSync(dist, { recursive: true });
  expect(running(script, 2, 9)?.line).toBe(3);
});

it("puts sources in the place of scripts in a stack trace", () => {
  writeFileSync(join(folder, "a.js.map"), JSON.stringify(MAP));
  const frames = (place: string) => `Error: no\n    at read (${place})\n    at async file:///elsewhere/a.js:1:1`;
  expect(sourceStack(frames(`${urlOf("a.js")}:2:9`), sourceOf)).toBe(frames("plugins/dns/decoder.ts:3"));
});
