import type { IngestRequest, IngestResponse } from "../../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../../ingest-limits.js";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { IngestStore } from "../../store/ingest-store.js";
import { type ErrorCode, WireloomError } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { checkIntroduction } from "./check-introduction.js";
import type { BytesReceived } from "./peer-activity.js";
import { type SessionRequest, sessionRequest } from "./session-request.js";
import { SessionStream } from "./session-stream.js";

/** Codes of a refused session that its operator has to act on. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(["already_exists", "permission_denied", "resource_exhausted"]);

/** What ingest needs from the collector. */
export interface IngestOptions {
  readonly store: IngestStore;
  /** Events whose rows it takes. */
  readonly events: readonly CollectedEvent[];
  readonly log: CollectorLog;
  /** Ends sessions when the collector closes. */
  readonly signal: AbortSignal;
}

/** Where a session's requests come from. */
export interface SessionPeer {
  readonly bytesReceived: BytesReceived;
  /** Aborted when the peer is gone. */
  readonly signal: AbortSignal;
}

/**
 * Serves one session, however its messages travel: takes the requests of `IngestService.Ingest` and yields the responses. Asks for the next
 * request when the store has room for it. Throws the error that the session fails with.
 */
export type ServeSession = (requests: AsyncIterable<IngestRequest>, peer: SessionPeer) => AsyncIterable<IngestResponse>;

/** Serves sessions of the store. */
export function createSessionServer(options: IngestOptions): ServeSession {
  const events = new Map(options.events.map((event) => [event.table.eventType, event]));
  return (requests, peer) => serve(requests, events, options, peer);
}

async function* serve(
  requests: AsyncIterable<IngestRequest>,
  events: ReadonlyMap<string, CollectedEvent>,
  { store, log, signal }: IngestOptions,
  peer: SessionPeer,
): AsyncIterable<IngestResponse> {
  const iterator = requests[Symbol.asyncIterator]();
  const first = await withinDeadline(iterator.next());
  if (first.done) return;
  if (first.value.content.case !== "open") {
    throw new WireloomError("invalid_argument", "the stream begins without opening a session; send SessionOpen first");
  }
  const introduction = checkIntroduction(first.value.content.value);
  const { agentId, hostname } = introduction;
  const name = hostname === "" ? `agent ${agentId}` : `agent ${agentId} on host ${hostname}`;
  const session = await store.openSession(introduction).catch((error: unknown) => {
    if (error instanceof WireloomError && REFUSALS.has(error.code)) log(`${name} was refused: ${error.message}`);
    throw error;
  });
  log(`${name} is connected`);
  let stream: SessionStream | undefined;
  try {
    const ended = AbortSignal.any([peer.signal, signal]);
    stream = new SessionStream(session, peer.bytesReceived, ended);
    yield* stream.respond(sessionRequests(iterator, events));
  } finally {
    session.close();
    log(`${name} ${stream?.hasEnded ? "has ended" : "is disconnected"}`);
  }
}

/** The first request of a stream, which must not be waited for indefinitely. Throws `unavailable`. */
async function withinDeadline<Result>(first: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new WireloomError("unavailable", "no session was opened on the stream in time");
    timer = setTimeout(() => reject(error), IngestLimits.silenceMs);
  });
  try {
    return await Promise.race([first, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function* sessionRequests(
  requests: AsyncIterator<IngestRequest>,
  events: ReadonlyMap<string, CollectedEvent>,
): AsyncIterable<SessionRequest> {
  for (let request = await requests.next(); !request.done; request = await requests.next()) {
    yield sessionRequest(request.value, events);
  }
}
