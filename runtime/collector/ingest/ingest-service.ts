import { create } from "@bufbuild/protobuf";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import {
  type Batch,
  type IngestRequest,
  type IngestResponse,
  IngestResponseSchema,
  IngestService,
  type SessionOpen,
} from "../../../generated/wireloom/v1/ingest_pb.js";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { describeNearest } from "../../schema/nearest-name.js";
import { quote } from "../../schema/quote.js";
import type { IngestBatch, IngestSegment, SessionIntroduction, Store } from "../../store/store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { ErrorLog } from "../public-error.js";
import { connectError } from "../rpc/connect-error.js";
import { takeBatches } from "./take-batches.js";

const MAX_LABELS = 64;
const MAX_COUNTERS = 1024;
const MAX_NAME_BYTES = 255;

/** What ingest needs of the collector. */
export interface IngestOptions {
  readonly store: Store;
  readonly events: readonly CollectedEvent[];
  readonly log: ErrorLog;
  /** Ends streams when the collector closes. */
  readonly signal: AbortSignal;
}

/** Adds the service that takes agents' events. */
export function addIngestService(
  router: ConnectRouter,
  options: IngestOptions,
  limits: { readonly readMaxBytes: number },
): void {
  const events = new Map(options.events.map((event) => [event.table.eventType, event]));
  router.service(
    IngestService,
    {
      async *ingest(requests: AsyncIterable<IngestRequest>, context: HandlerContext): AsyncIterable<IngestResponse> {
        try {
          yield* answer(requests, events, options, AbortSignal.any([context.signal, options.signal]));
        } catch (error) {
          throw connectError(error, options.log);
        }
      },
    },
    limits,
  );
}

async function* answer(
  requests: AsyncIterable<IngestRequest>,
  events: ReadonlyMap<string, CollectedEvent>,
  { store }: IngestOptions,
  signal: AbortSignal,
): AsyncIterable<IngestResponse> {
  const iterator = requests[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  if (first.value.content.case !== "open") {
    throw new WireloomError("invalid_argument", "the stream begins without opening a session; send SessionOpen first");
  }
  const session = await store.openSession(checkedIntroduction(first.value.content.value));
  try {
    yield acknowledgement(session.committedSequence);
    for await (const sequence of takeBatches(session, ingestBatches(iterator, events), signal)) {
      yield acknowledgement(sequence);
    }
  } finally {
    session.close();
  }
}

function acknowledgement(committedSequence: bigint): IngestResponse {
  return create(IngestResponseSchema, { committedSequence });
}

function checkedIntroduction(open: SessionOpen): SessionIntroduction {
  const { agentId, sessionId, hostname, version, labels } = open;
  if (agentId === "" || Buffer.byteLength(agentId) > MAX_NAME_BYTES) {
    throw new WireloomError(
      "invalid_argument",
      `agent_id: ${quote(agentId)} is not a name of 1 to ${MAX_NAME_BYTES} bytes`,
    );
  }
  if (sessionId.length !== 16) {
    throw new WireloomError("invalid_argument", `session_id: ${sessionId.length} bytes are given, 16 are expected`);
  }
  const entries = Object.entries(labels);
  const isTooLong = (text: string): boolean => Buffer.byteLength(text) > MAX_NAME_BYTES;
  if (entries.length > MAX_LABELS || entries.flat().some(isTooLong) || isTooLong(hostname) || isTooLong(version)) {
    throw new WireloomError(
      "invalid_argument",
      `hostname, version and labels take at most ${MAX_NAME_BYTES} bytes each, and there are at most ${MAX_LABELS} labels`,
    );
  }
  return { agentId, sessionId: new Uint8Array(sessionId), hostname, version, labels };
}

async function* ingestBatches(
  requests: AsyncIterator<IngestRequest>,
  events: ReadonlyMap<string, CollectedEvent>,
): AsyncIterable<IngestBatch> {
  for (let request = await requests.next(); !request.done; request = await requests.next()) {
    const { content } = request.value;
    if (content.case !== "batch") {
      throw new WireloomError("invalid_argument", "a request on an open session carries no batch");
    }
    yield ingestBatch(content.value, events);
  }
}

function ingestBatch(batch: Batch, events: ReadonlyMap<string, CollectedEvent>): IngestBatch {
  const segments = batch.segments.map(({ eventType, count, rows }): IngestSegment => {
    const event = events.get(eventType);
    if (event === undefined) {
      throw new WireloomError(
        "invalid_argument",
        `batch ${batch.sequence}: this collector has no event ${quote(eventType)}; ${describeNearest(eventType, events.keys())}`,
      );
    }
    return { event, count, rows };
  });
  if (batch.counters.length > MAX_COUNTERS) {
    throw new WireloomError(
      "invalid_argument",
      `batch ${batch.sequence}: ${batch.counters.length} counters are given, at most ${MAX_COUNTERS} are taken`,
    );
  }
  const counters = new Map(batch.counters.map(({ name, value }) => [name.slice(0, MAX_NAME_BYTES), value]));
  return { sequence: batch.sequence, segments, counters };
}
