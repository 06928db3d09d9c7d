import { createServer, type Http2Server } from "node:http2";
import { create } from "@bufbuild/protobuf";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import {
  type IngestRequest,
  type IngestResponse,
  IngestResponseSchema,
  IngestService,
} from "../../../generated/wireloom/v1/ingest_pb.js";

let server: Http2Server | undefined;

type Handler = (requests: AsyncIterable<IngestRequest>) => AsyncIterable<IngestResponse>;

/** Starts a collector of another program, with this handler and limit for messages, and returns its URL. */
export async function startServer(ingest: Handler, readMaxBytes = 8 << 20): Promise<string> {
  const listener = connectNodeAdapter({
    readMaxBytes,
    routes: (router) => {
      router.service(IngestService, { ingest });
    },
  });
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** Closes the collector that {@link startServer} started last, if any. */
export async function closeServer(): Promise<void> {
  await new Promise<void>((resolve) => {
    if (server === undefined) resolve();
    else server.close(() => resolve());
  });
  server = undefined;
}

/** Keeps the batches of every session in memory, as a collector keeps them in its database. */
export class MemoryCollector {
  readonly batches: { sequence: bigint; bytes: number; rows: number }[] = [];
  readonly counters = new Map<string, bigint>();
  streams = 0;
  hasEnded = false;

  async *ingest(requests: AsyncIterable<IngestRequest>): AsyncIterable<IngestResponse> {
    this.streams++;
    for await (const { content } of requests) {
      if (content.case === "batch") {
        const { sequence, rowGroups } = content.value;
        if (sequence <= this.committed) continue;
        this.refuse(sequence, rowGroups[0]?.rows[0]);
        this.batches.push({
          sequence,
          bytes: rowGroups.reduce((sum, { rows }) => sum + rows.length, 0),
          rows: rowGroups.reduce((sum, { count }) => sum + count, 0),
        });
      }
      if (content.case === "report") {
        for (const { name, value } of content.value.counters) this.counters.set(name, value);
        this.hasEnded = content.value.ended;
      }
      yield create(IngestResponseSchema, { committedSequence: this.committed });
    }
  }

  /** Sequence of the last batch. */
  get committed(): bigint {
    return this.batches.at(-1)?.sequence ?? 0n;
  }

  /** Throws for a batch that is refused. */
  refuse(_sequence: bigint, _firstByte: number | undefined): void {}
}
