import type { AgentState } from "../schema/agent-state.js";

/** The side of a store that knows the agents. */
export interface AgentDirectory {
  /** Agents that ever sent a batch or a report, in the order of their names. */
  listAgents(): Promise<Agent[]>;
  /** The agent of this name; undefined where none ever sent a batch or a report. */
  findAgent(id: string): Promise<Agent | undefined>;
}

/** An agent as the collector knows it. */
export interface Agent {
  readonly id: string;
  readonly hostname: string;
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds since the Unix epoch by the collector's clock. */
  readonly firstSeen: bigint;
  readonly lastSeen: bigint;
  readonly state: AgentState;
  /** When the state began, as nearly as is known. */
  readonly stateSince: bigint;
  /** Rows stored of all its sessions. */
  readonly rowCount: bigint;
  /** Counters of its latest batch or report. */
  readonly counters: Readonly<Record<string, bigint>>;
}
