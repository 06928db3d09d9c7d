import { quote } from "../../schema/quote.js";
import type { Agent, AgentDirectory } from "../../store/agent-directory.js";
import { WireloomError } from "../../wireloom-error.js";

/** The agent of this id. Throws `not_found` where there is none. */
export async function findAgent(agents: AgentDirectory, id: string): Promise<Agent> {
  const agent = await agents.findAgent(id);
  if (agent !== undefined) return agent;
  throw new WireloomError("not_found", `there is no agent ${quote(id)}; GET /v1/agents lists them`);
}
