import type { IngestRequest, IngestResponse } from "../../../generated/wireloom/v1/ingest_pb.js";
import { WireloomError } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { publicError } from "../public-error.js";
import type { ServeSession } from "./serve-session.js";

/**
 * Receives the events of an agent in the collector's own process: as the ingest service, without a connection. Throws the `WireloomError` that
 * an agent elsewhere would receive, and `unavailable` once the collector closes. `signal` ends the session when the agent is gone.
 */
export type InProcessIngest = (
  requests: AsyncIterable<IngestRequest>,
  signal: AbortSignal,
) => AsyncIterable<IngestResponse>;

/** Serves sessions in this process until `closing` aborts. */
export function createInProcessIngest(
  serveSession: ServeSession,
  log: CollectorLog,
  closing: AbortSignal,
): InProcessIngest {
  return async function* ingest(requests, signal) {
    try {
      if (closing.aborted) throw new WireloomError("unavailable", "the collector is closed");
      // No bytes are received: messages alone show that the agent lives.
      yield* serveSession(requests, { signal, bytesReceived: () => undefined });
    } catch (error) {
      throw publicError(error, log);
    }
  };
}
