import type { AgentSummary } from "../agent/agent.js";
import type { EngineCounters, PluginCounters } from "../engine/pipeline-counters.js";

/** Counters of a run that a summary shows. */
export interface RunCounts {
  readonly packets: number;
  /** Packets that were lost before they could be decoded. */
  readonly dropped: number;
  readonly unknownLinkType: number;
  counters(): readonly PluginCounters[];
  engineCounters(): EngineCounters;
}

/** Seconds below which a rate is not meaningful. */
const MIN_RATED_SECONDS = 1;

/**
 * Counters of a run, in a few lines for people; of the protocols `resources`, those that had packets or rows are included. `passed` are the
 * rows that passed a filter, by resource, if they are not all.
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
    const packets = plugin.accepted + plugin.notMine + plugin.truncated + plugin.malformed;
    const hasCounts = plugin.rows + packets + plugin.decoderErrors + plugin.skippedPackets > 0;
    if (hasCounts && resources.has(plugin.resource))
      lines.push(describePlugin(plugin, passed && (passed.get(plugin.resource) ?? 0)));
  }
  lines.push(...describeEngine(run.engineCounters()));
  return lines.map((line) => `${line}\n`).join("");
}

/** Counters of an agent, in a few lines for people. */
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
  const { accepted, acceptedConnections: connections } = plugin;
  const packets = accepted - connections;
  const parts = [`${plugin.resource}: ${rows}`];
  const add = (value: number, thing: string, what: string) => {
    if (value > 0) parts.push(`${count(value, thing)} ${what}`);
  };
  if (packets > 0 && connections > 0) {
    parts.push(`${count(packets, "packet")} and ${count(connections, "connection")} accepted`);
  } else add(packets || connections, packets > 0 ? "packet" : "connection", "accepted");
  if (plugin.notMine > 0) parts.push(`${thousands(plugin.notMine)} of another protocol`);
  if (plugin.truncated > 0) parts.push(`${thousands(plugin.truncated)} truncated`);
  if (plugin.malformed > 0) parts.push(`${thousands(plugin.malformed)} malformed`);
  add(plugin.limitedRows, "row", "cut at a limit");
  add(plugin.outOfRangeRows, "row", "with a value out of its field's range");
  if (plugin.decoderErrors > 0) parts.push(count(plugin.decoderErrors, "decoder error"));
  // Both are counted together: after its errors a decoder receives neither.
  if (plugin.skippedPackets > 0) {
    parts.push(
      `${thousands(plugin.skippedPackets)} packets or connections left out after the decoder was switched off`,
    );
  }
  add(
    plugin.evictedRequests,
    "request",
    "left a full table early: limit pending_bytes or the plugin's pending.max_entries reached",
  );
  return parts.join(", ");
}

/** Reassembled and lost items, and reached limits, with the names of the limits. */
function describeEngine(counters: EngineCounters): string[] {
  const lines: [number, string, string][] = [
    [counters.reassembled, "datagram", "reassembled from fragments"],
    [counters.incomplete, "fragmented datagram", "incomplete"],
    [counters.contradictory, "fragmented datagram", "given up because of fragments that contradict each other"],
    [counters.gaps, "gap", "in TCP streams"],
    [counters.duplicatePackets, "packet", "captured again left out"],
    [counters.badChecksums, "packet", "with a wrong checksum left out"],
    [counters.deepTunnels, "packet", "in more tunnels than are followed"],
    [counters.evictedConversations, "conversation", "ended early: limit conversations reached"],
    [counters.evicted, "fragmented datagram", "given up: limit fragment_datagrams or fragment_bytes reached"],
    [counters.overfullConnections, "TCP message", "given up: limit stream_connection_bytes reached"],
    [counters.evictedByPlugin, "TCP connection", "given up: limit stream_plugin_bytes reached"],
    [counters.evictedByTotal, "TCP connection", "given up: limit stream_total_bytes reached"],
  ];
  return lines.filter(([value]) => value > 0).map(([value, thing, what]) => `${count(value, thing)} ${what}`);
}

/** A count with its unit, such as `1 row` or `2 000 rows`. */
export function count(value: number, thing: string): string {
  return `${thousands(value)} ${thing}${value === 1 ? "" : "s"}`;
}

/** A number with spaces between thousands. */
function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
