import { AGENT_STATES, type AgentState } from "../../schema/agent-state.js";
import { quote } from "../../schema/quote.js";
import { splitValues } from "../../schema/split-values.js";
import type { Agent } from "../../store/agent-directory.js";
import { WireloomError } from "../../wireloom-error.js";
import { readParameters } from "./read-parameters.js";

/** Whether an agent meets the conditions on its state that a query string has. Throws `invalid_argument` or `invalid_filter`. */
export function parseAgentParameters(url: URL): (agent: Agent) => boolean {
  const parameters = readParameters(url, ["state_eq", "state_in"]);
  const conditions = [...parameters].map(([name, text]) => {
    const texts = name === "state_in" ? splitValues(text, name) : [text];
    return new Set(texts.map((one) => stateNamed(one, name)));
  });
  return ({ state }) => conditions.every((states) => states.has(state));
}

function stateNamed(text: string, parameter: string): AgentState {
  const state = AGENT_STATES.find((known) => known === text.toLowerCase());
  if (state !== undefined) return state;
  throw new WireloomError("invalid_filter", `${parameter}: ${quote(text)} is not one of ${AGENT_STATES.join(", ")}`);
}
