import type { Pipeline } from "../engine/pipeline.js";
import { snakeCase } from "../schema/snake-case.js";

/** The counts that travel with batches and reports, by the names that `GET /v1/agents` has. */
export function agentCounters(pipeline: Pipeline, dropped: number): Map<string, number> {
  const counters = new Map([
    ["capture.packets", pipeline.packets],
    ["capture.dropped", dropped],
    ["decode.unknown_link_type", pipeline.unknownLinkType],
  ]);
  for (const [name, value] of Object.entries(pipeline.engineCounters()))
    counters.set(`engine.${snakeCase(name)}`, value);
  for (const plugin of pipeline.counters()) {
    counters.set(`${plugin.resource}.rows`, plugin.rows);
    counters.set(`${plugin.resource}.accepted`, plugin.accepted);
    counters.set(`${plugin.resource}.not_mine`, plugin.notMine);
    counters.set(`${plugin.resource}.truncated`, plugin.truncated);
    counters.set(`${plugin.resource}.malformed`, plugin.malformed);
    counters.set(`${plugin.resource}.limited_rows`, plugin.limitedRows);
    counters.set(`${plugin.resource}.out_of_range_rows`, plugin.outOfRangeRows);
    counters.set(`${plugin.resource}.decoder_errors`, plugin.decoderErrors);
    counters.set(`${plugin.resource}.skipped_packets`, plugin.skippedPackets);
    counters.set(`${plugin.resource}.evicted_requests`, plugin.evictedRequests);
  }
  return counters;
}
