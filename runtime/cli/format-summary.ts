import type { AgentSummary } from "../agent/agent.js";
import type { PluginCounters } from "../agent/pipeline.js";

/** What a run counted, in a few lines for people. */
export function formatSummary(
  run: { readonly packets: number; readonly unknownLinkType: number; counters(): readonly PluginCounters[] },
  resources: ReadonlySet<string>,
  elapsedMs: number,
): string {
  const seconds = elapsedMs / 1000;
  const rate = seconds > 0 ? ` (${count(Math.round(run.packets / seconds))} a second)` : "";
  const lines = [`${count(run.packets)} packets in ${seconds.toFixed(2)} s${rate}`];
  if (run.unknownLinkType > 0) lines.push(`${count(run.unknownLinkType)} packets of an unknown link type left out`);
  for (const plugin of run.counters()) if (resources.has(plugin.resource)) lines.push(describePlugin(plugin));
  return lines.map((line) => `${line}\n`).join("");
}

/** What an agent counted, in a few lines for people. */
export function formatAgentSummary(summary: AgentSummary, elapsedMs: number): string {
  const resources = new Set(summary.plugins.map(({ resource }) => resource));
  const dropped = summary.dropped > 0 ? `${count(summary.dropped)} packets lost before decoding\n` : "";
  return formatSummary({ ...summary, counters: () => summary.plugins }, resources, elapsedMs) + dropped;
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
  add(plugin.evictedRequests, "requests left a full table early");
  return parts.join(", ");
}

/** A number with spaces between thousands. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
