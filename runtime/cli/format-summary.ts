import type { AgentSummary } from "../agent/agent.js";
import type { EngineCounters, PluginCounters } from "../agent/pipeline-counters.js";

/** What a run counted, as far as a summary shows it. */
export interface RunCounts {
  readonly packets: number;
  /** Packets that were lost before they could be decoded. */
  readonly dropped: number;
  readonly unknownLinkType: number;
  counters(): readonly PluginCounters[];
  engineCounters(): EngineCounters;
}

/** Seconds below which a rate says nothing. */
const MIN_RATED_SECONDS = 1;

/**
 * What a run counted, in a few lines for people; of the protocols `resources` those that had packets or rows. `passed` are the rows that a
 * filter left, by resource, where they are not all.
 */
export function formatSummary(
  run: RunCounts,
  resources: ReadonlySet<string>,
  elapsedMs: number,
  passed?: ReadonlyMap<string, number>,
): string {
  const seconds = elapsedMs / 1000;
  const rate =
    seconds >= MIN_RATED_SECONDS && run.packets > 0
      ? ` (${thousands(Math.round(run.packets / seconds))} a second)`
      : "";
  const lines = [`${count(run.packets, "packet")} in ${seconds.toFixed(2)} s${rate}`];
  if (run.dropped > 0) lines.push(`${count(run.dropped, "packet")} lost before decoding`);
  if (run.unknownLinkType > 0) lines.push(`${count(run.unknownLinkType, "packet")} of an unknown link type left out`);
  for (const plugin of run.counters()) {
    const hasCounts = plugin.rows + plugin.accepted + plugin.notMine + plugin.truncated + plugin.malformed > 0;
    if (hasCounts && resources.has(plugin.resource))
      lines.push(describePlugin(plugin, passed && (passed.get(plugin.resource) ?? 0)));
  }
  lines.push(...describeEngine(run.engineCounters()));
  return lines.map((line) => `${line}\n`).join("");
}

/** What an agent counted, in a few lines for people. */
export function formatAgentSummary(
  summary: AgentSummary,
  elapsedMs: number,
  resources: ReadonlySet<string> = new Set(summary.plugins.map(({ resource }) => resource)),
  passed?: ReadonlyMap<string, number>,
): string {
  const run = { ...summary, counters: () => summary.plugins, engineCounters: () => summary.engine };
  return formatSummary(run, resources, elapsedMs, passed);
}

function describePlugin(plugin: PluginCounters, passed = plugin.rows): string {
  const rows = passed === plugin.rows ? count(passed, "row") : `${thousands(passed)} of ${count(plugin.rows, "row")}`;
  const parts = [`${plugin.resource}: ${rows}`];
  const add = (value: number, what: string) => {
    if (value > 0) parts.push(`${thousands(value)} ${what}`);
  };
  if (plugin.accepted > 0) parts.push(`${count(plugin.accepted, "packet")} accepted`);
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
  return lines.filter(([value]) => value > 0).map(([value, what]) => `${thousands(value)} ${what}`);
}

/** A number of things, such as `1 row` or `2 000 rows`. */
export function count(value: number, thing: string): string {
  return `${thousands(value)} ${thing}${value === 1 ? "" : "s"}`;
}

/** A number with spaces between thousands. */
function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
