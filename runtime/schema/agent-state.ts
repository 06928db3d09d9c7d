/** All states of an agent. */
export const AGENT_STATES = ["connected", "ended", "gone"] as const;

/**
 * State of an agent: its session is open; it ended its session after everything was acknowledged; or its session was interrupted and has not
 * been opened again.
 */
export type AgentState = (typeof AGENT_STATES)[number];
