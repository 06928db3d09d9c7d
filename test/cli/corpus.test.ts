import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runWireloom } from "./run-wireloom.js";

/** A folder of captures, many of them malformed on purpose, to run through the decoders. */
const folder = process.env["WIRELOOM_CAPTURES"];

it.skipIf(folder === undefined)(
  "every capture of the folder in WIRELOOM_CAPTURES is read to its end, with one clear line for what is wrong with it",
  async () => {
    const files = readdirSync(folder!, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(pcap|pcapng|cap)(\.gz)?$/.test(name))
      .map((name) => join(folder!, name));
    expect(files.length).toBeGreaterThan(0);
    const { code, stdout, stderr } = await runWireloom(["decode", ...files]);
    expect([0, 1]).toContain(code);
    expect(stderr).not.toMatch(/\n\s+at |this is a bug/);
    for (const line of stdout.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  },
  600_000,
);
