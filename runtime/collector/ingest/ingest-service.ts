import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { type IngestRequest, type IngestResponse, IngestService } from "../../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../../ingest-limits.js";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { IngestStore } from "../../store/ingest-store.js";
import { type ErrorCode, WireloomError } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { connectError } from "../rpc/connect-error.js";
import { checkIntroduction } from "./check-introduction.js";
import { bytesReceived } from "./peer-activity.js";
import { type SessionRequest, sessionRequest } from "./session-request.js";
import { SessionStream } from "./session-stream.js";

/** Codes of a refused session that its operator has to act on. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(["already_exists", "permission_denied", "resource_exhausted"]);

/** What ingest needs of the collector. */
export interface IngestOptions {
  readonly store: IngestStore;
  readonly events: readonly CollectedEvent[];
  readonly log: CollectorLog;
  /** Ends streams when the collector closes. */
  readonly signal: AbortSignal;
}

/** Adds the service that takes agents' events. */
export function addIngestService(router: ConnectRouter, options: IngestOptions): void {
  const events = new Map(options.events.map((event) => [event.table.eventType, event]));
  router.service(
    IngestService,
    {
      async *ingest(requests: AsyncIterable<IngestRequest>, context: HandlerContext): AsyncIterable<IngestResponse> {
        try {
          yield* answer(requests, events, options, context);
        } catch (error) {
          throw connectError(error, options.log);
        }
      },
    },
    { readMaxBytes: IngestLimits.messageBytes },
  );
}

async function* answer(
  requests: AsyncIterable<IngestRequest>,
  events: ReadonlyMap<string, CollectedEvent>,
  { store, log, signal }: IngestOptions,
  context: HandlerContext,
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
    const ended = AbortSignal.any([context.signal, signal]);
    stream = new SessionStream(session, context.values.get(bytesReceived), ended);
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
