import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { Pipeline } from "../engine/pipeline.js";
import { nodeCryptography } from "../node/node-cryptography.js";
import { findPlugin } from "../plugin/testing/decode-rows.js";
import { agentCounters } from "./agent-counters.js";

it("the documentation names every counter, and no other one", () => {
  const text = readFileSync(new URL("../../docs/capturing.md", import.meta.url), "utf8");
  const named = [...text.matchAll(/^\| `((?:capture|decode|engine|<plugin>)\.[a-z_]+)` /gm)].map(([, name]) => name);
  const pipeline = new Pipeline([findPlugin(registry.plugins, "dns")], { cryptography: nodeCryptography, session: 0 });
  const counters = [...agentCounters(pipeline, 0).keys()].map((name) => name.replace(/^dns\./, "<plugin>."));
  expect(named.sort()).toEqual(counters.sort());
});
