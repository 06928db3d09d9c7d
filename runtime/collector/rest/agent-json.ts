import { formatTimestamp } from "../../schema/timestamp-text.js";
import type { Agent } from "../../store/agent-directory.js";

/** An agent as the API writes it; counts have all their digits. */
export function formatAgentJson(agent: Agent): string {
  const facts = JSON.stringify({
    id: agent.id,
    hostname: agent.hostname,
    version: agent.version,
    labels: agent.labels,
    first_seen: formatTimestamp(agent.firstSeen),
    last_seen: formatTimestamp(agent.lastSeen),
    state: agent.state,
    state_since: formatTimestamp(agent.stateSince),
  });
  const counters = Object.entries(agent.counters).map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return `${facts.slice(0, -1)},"rows":${agent.rowCount},"counters":{${counters.join(",")}}}`;
}
