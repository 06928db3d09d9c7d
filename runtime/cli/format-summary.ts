import type { AgentSummary } from "../agent/agent.js";
import type { EngineCounters, PluginCounters } from "../agent/pipeline-counters.js";

/** What a run counted, in a few lines for people. */
export function formatSummary(
  run: {
    readonly packets: number;
    readonly unknownLinkType: number;
    counters(): readonly PluginCounters[];
    engineCounters(): EngineCounters;
  },
  resources: ReadonlySet<string>,
  elapsedMs: number,
): string {
  const seconds = elapsedMs / 1000;
  const rate = seconds > 0 ? ` (${count(Math.round(run.packets / seconds))} a second)` : "";
  const lines = [`${count(run.packets)} packets in ${seconds.toFixed(2)} s${rate}`];
  if (run.unknownLinkType > 0) lines.push(`${count(run.unknownLinkType)} packets of an unknown link type left out`);
  for (const plugin of run.counters()) if (resources.has(plugin.resource)) lines.push(describePlugin(plugin));
  lines.push(...describeEngine(run.engineCounters()));
  return lines.map((line) => `${line}\n`).join("");
}

/** What an agent counted, in a few lines for people. */
export function formatAgentSummary(summary: AgentSummary, elapsedMs: number): string {
  const resources = new Set(summary.plugins.map(({ resource }) => resource));
  const dropped = summary.dropped > 0 ? `${count(summary.dropped)} packets lost before decoding\n` : "";
  return (
    formatSummary(
      { ...summary, counters: () => summary.plugins, engineCounters: () => summary.engine },
      resources,
      elapsedMs,
    ) + dropped
  );
}

function describePlugin(plugin: PluginCounters): string {
  const parts = [`${plugin.resource}: ${count(plugin.rows)} rows`];
  const add = (value: number, what: string) => {
    if (value > 0) parts.push(`${count(value)} ${what}`);
  };
  add(plugin.accepted, "packets accepted");
  add(plugin.notMine, "of another protocol");
  add(plugin.truncated, "truncated");
  add(plugin.malformed, "malformed");
  add(plugin.limitedRows, "rows cut at a limit");
  add(plugin.outOfRangeRows, "rows with a value out of its field's range");
  add(plugin.decoderErrors, "decoder errors");
  add(plugin.skippedPackets, "packets left out after the decoder was switched off");
  add(
    plugin.evictedRequests,
    "requests left a full table early: limit pending_bytes or the plugin's pending.max_entries reached",
  );
  return parts.join(", ");
}

/** What was put together or lost on the way, and which bounds were reached, with the limits that set them. */
function describeEngine(counters: EngineCounters): string[] {
  const lines: [number, string][] = [
    [counters.reassembled, "datagrams put together from fragments"],
    [counters.incomplete, "fragmented datagrams incomplete"],
    [counters.contradictory, "fragmented datagrams given up because their fragments contradict each other"],
    [counters.gaps, "gaps in TCP streams"],
    [counters.badChecksums, "packets with a wrong checksum left out"],
    [counters.deepTunnels, "packets in more tunnels than are followed"],
    [counters.evictedConversations, "conversations ended early: limit conversations reached"],
    [counters.evicted, "fragmented datagrams given up: limit fragment_datagrams or fragment_bytes reached"],
    [counters.overfullConnections, "TCP messages given up: limit stream_connection_bytes reached"],
    [counters.evictedByPlugin, "TCP connections given up: limit stream_plugin_bytes reached"],
    [counters.evictedByTotal, "TCP connections given up: limit stream_total_bytes reached"],
  ];
  return lines.filter(([value]) => value > 0).map(([value, what]) => `${count(value)} ${what}`);
}

/** A number with spaces between thousands. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
