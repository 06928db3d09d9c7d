/** All states of an agent. */
export const AGENT_STATES = ["connected", "ended", "gone"] as const;

/**
 * How an agent stands: its session is open; it ended its session after all was acknowledged; or its session broke off, and was not
 * opened again.
 */
export type AgentState = (typeof AGENT_STATES)[number];
