import type { SessionOpen } from "../../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../../ingest-limits.js";
import { agentIdProblem, nameProblem } from "../../name-problem.js";
import { quote } from "../../schema/quote.js";
import type { SessionIntroduction } from "../../store/ingest-store.js";
import { WireloomError } from "../../wireloom-error.js";

const SESSION_ID_BYTES = 16;

/** What an agent says of itself, checked. Throws `invalid_argument`, with the name of what is wrong. */
export function checkIntroduction(open: SessionOpen): SessionIntroduction {
  const { agentId, sessionId, hostname, version, labels } = open;
  checkName("agent_id", agentId, agentIdProblem);
  if (sessionId.length !== SESSION_ID_BYTES) {
    throw invalid(`session_id: ${sessionId.length} bytes are given, ${SESSION_ID_BYTES} are expected`);
  }
  checkName("hostname", hostname);
  checkName("version", version);
  const entries = Object.entries(labels);
  if (entries.length > IngestLimits.labels) {
    throw invalid(`labels: ${entries.length} are given, at most ${IngestLimits.labels} are taken`);
  }
  for (const text of entries.flat()) checkName("labels", text);
  return {
    agentId,
    sessionId: new Uint8Array(sessionId),
    hostname,
    version,
    labels,
    windowBytes: Number(open.windowBytes),
    ...(open.acknowledgedSequence === undefined ? {} : { acknowledgedSequence: open.acknowledgedSequence }),
  };
}

function checkName(field: string, text: string, problemOf = nameProblem): void {
  const problem = problemOf(text);
  if (problem !== undefined) throw invalid(`${field}: ${quote(text)} ${problem}`);
}

function invalid(message: string): WireloomError {
  return new WireloomError("invalid_argument", message);
}
