import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { pluginsFor } from "../../runtime/cli/select-plugins.js";
import { defaultLimits } from "../../runtime/engine/engine-limits.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { parseRow } from "../../runtime/plugin/testing/row-object.js";
import { comparableRedaction } from "./comparable-redaction.js";
import { pluginFolders } from "./plugin-folders.js";

// The files were written when every row had been compared with tshark's reading (own-captures.test.ts). A difference is for a
// person to judge; write-expected-rows.ts then writes the files again.
const folders = [...pluginFolders]
  .map(([resource, folder]) => [resource, join(folder, "captures")] as const)
  .filter(([, folder]) => existsSync(folder));

describe.each(folders)("expected rows of %s", (resource, folder) => {
  const captures = readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name));

  it.each(captures)("%s", async (capture) => {
    const lines = readFileSync(join(folder, capture.replace(/\.pcap(ng)?$/, ".ndjson")), "utf8").split("\n");
    const { columns } = findPlugin(registry.plugins, resource).table;
    const expected = lines.filter((line) => line !== "").map((line) => parseRow(line, columns));
    // The plugins that the command loads: flows name the application that another plugin recognised.
    const { duplicate_window_us } = defaultLimits;
    const plugins = pluginsFor(registry.plugins, new Set([resource]));
    const bench = DecoderBench.configured(
      { limits: { duplicate_window_us }, redaction: comparableRedaction },
      ...plugins,
    );
    const source = await openCaptureFile(join(folder, capture));
    try {
      await bench.source(source);
    } finally {
      await source.close();
    }
    const hint = `npx tsx test/conformance/write-expected-rows.ts ${resource} writes the rows as they are`;
    expect(bench.finish(resource), hint).toEqual(expected);
  });
});
