import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  BatchSchema,
  type IngestRequest,
  IngestRequestSchema,
  IngestService,
  type Refusal,
  ReportSchema,
} from "../../../../generated/wireloom/v1/ingest_pb.js";
import { type CollectorFixture, dnsRowGroup, startFixture } from "../../testing/collector.js";

/** The event type of DNS rows. */
export const DNS = "wireloom.dns.v1.Dns";

/** A request that opens a session. */
export function open(sessionId: Uint8Array, agentId = "probe-1"): IngestRequest {
  return create(IngestRequestSchema, {
    content: { case: "open", value: { agentId, sessionId, hostname: "host", labels: { site: "lab" } } },
  });
}

/** A request with a batch. */
export function batch(value: MessageInitShape<typeof BatchSchema>): IngestRequest {
  return create(IngestRequestSchema, { content: { case: "batch", value: create(BatchSchema, value) } });
}

/** A request with a report. */
export function report(value: MessageInitShape<typeof ReportSchema>): IngestRequest {
  return create(IngestRequestSchema, { content: { case: "report", value: create(ReportSchema, value) } });
}

/** A request with a batch of one DNS row for each query name, and the counter `kernel.dropped`. */
export function rowsBatch(sequence: bigint, ...names: string[]): IngestRequest {
  const { count, rows } = dnsRowGroup(names.map((queryName) => ({ queryName })));
  return batch({
    sequence,
    rowGroups: [{ eventType: DNS, count, rows }],
    counters: [{ name: "kernel.dropped", value: sequence }],
  });
}

/** The responses of a stream. */
interface Sent {
  readonly acknowledged: bigint[];
  readonly refused: Pick<Refusal, "sequence" | "eventType" | "rows" | "code" | "message">[];
  readonly notices: string[];
  readonly error?: string;
}

/** A collector, and streams to it. */
export interface IngestFixture extends CollectorFixture {
  /** Sends the requests and, unless the collector ends the stream before, waits for the acknowledgement of `until`. */
  send(requests: readonly IngestRequest[], until: bigint, onNotice?: () => void): Promise<Sent>;
  /** The query names of all stored rows, in order of name. */
  namesStored(): Promise<string[]>;
}

/** Starts a collector. */
export async function startIngest(): Promise<IngestFixture> {
  const fixture = await startFixture();
  const { url } = fixture.collector;
  return {
    ...fixture,
    send: (requests, until, onNotice) => send(url, requests, until, onNotice),
    async namesStored() {
      const response = await fetch(`${url}/v1/dns?fields=query_name&order_by=query_name&page_size=1000`);
      return ((await response.json()) as { data: { query_name: string }[] }).data.map((row) => row.query_name);
    },
  };
}

async function send(
  baseUrl: string,
  requests: readonly IngestRequest[],
  until: bigint,
  onNotice: (() => void) | undefined,
): Promise<Sent> {
  const client = createClient(IngestService, createGrpcTransport({ baseUrl }));
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  async function* stream(): AsyncIterable<IngestRequest> {
    yield* requests;
    await finished;
  }
  const acknowledged: bigint[] = [];
  const refused: Sent["refused"] = [];
  const notices: string[] = [];
  try {
    for await (const response of client.ingest(stream())) {
      if (acknowledged.at(-1) !== response.committedSequence) acknowledged.push(response.committedSequence);
      for (const { sequence, eventType, rows, code, message } of response.refused)
        refused.push({ sequence, eventType, rows, code, message });
      if (response.notice !== "") notices.push(response.notice);
      if (response.notice !== "") onNotice?.();
      if (response.committedSequence >= until) finish();
    }
    return { acknowledged, refused, notices };
  } catch (error) {
    return { acknowledged, refused, notices, error: (error as Error).message };
  } finally {
    finish();
  }
}
