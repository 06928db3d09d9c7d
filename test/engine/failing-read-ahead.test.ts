import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import type { DecoderFault } from "../../runtime/engine/decoder-fault.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { failingPlugin, throwMistake } from "./failing-plugin.js";

/** As many conversations as memory is read ahead for, and some. */
const CONVERSATIONS = 1100;

it("an observer whose readAhead throws is counted and named, and the others have their rows", () => {
  const faults: DecoderFault[] = [];
  const plugin = {
    ...failingPlugin("observe", () => undefined),
    createPacketObserver: () => ({
      observe: () => undefined,
      endConversation: () => undefined,
      readAhead: throwMistake,
    }),
  };
  const flow = findPlugin(registry.plugins, "flow");
  const bench = DecoderBench.configured({ onDecoderFault: (fault) => faults.push(fault) }, plugin, flow);
  for (let i = 0; i < CONVERSATIONS; i++) bench.udp(new Uint8Array(4), { srcPort: 40_000 + i, dstPort: 4000 });
  bench.endInput();
  expect(bench.rows("flow")).toHaveLength(CONVERSATIONS);
  expect(faults).toMatchObject([{ resource: "failing", hook: "readAhead" }]);
  expect(bench.counters("failing").decoderErrors).toBeGreaterThan(1);
});
