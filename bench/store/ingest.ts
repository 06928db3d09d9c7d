// Rows a second from a client process over the Ingest stream into a DuckDB file, committed:
//   node --import tsx bench/store/ingest.ts [rows]
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { collectedEvents } from "../../generated/collected-events.js";
import {
  BatchSchema,
  type IngestRequest,
  IngestRequestSchema,
  IngestService,
  SessionOpenSchema,
} from "../../generated/wireloom/v1/ingest_pb.js";
import { startCollector } from "../../runtime/collector/server/start-collector.js";
import { openStore } from "../../runtime/store/open-store.js";
import { report } from "../measure.js";
import { typicalDnsRowGroup } from "./typical-dns-row-group.js";

const BATCH_ROWS = 4096;
/** Batches on their way at most: enough for two transactions. */
const MAX_UNACKNOWLEDGED = 64n;

if (process.send === undefined) await collect();
else await send(process.argv[2]!, Number(process.argv[3]));

async function collect(): Promise<void> {
  const rowCount = Number(process.argv[2] ?? 4_000_000);
  const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
  const store = await openStore(`duckdb:${folder}/bench.duckdb`, collectedEvents);
  const collector = await startCollector({ listen: "127.0.0.1:0", store, version: "0" });
  const client = fork(process.argv[1]!, [collector.url, String(rowCount)], {
    execArgv: process.execArgv,
  });
  await new Promise((resolve, reject) => {
    client.once("message", resolve);
    client.once("exit", (code) => reject(new Error(`the client ended with ${code} before it was ready`)));
  });
  const cpu = process.cpuUsage();
  const started = performance.now();
  client.send("go");
  let mostResident = 0;
  const watching = setInterval(() => {
    mostResident = Math.max(mostResident, process.memoryUsage.rss());
  }, 100);
  await new Promise((resolve) => client.once("exit", resolve));
  clearInterval(watching);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  report("ingest from a client process", {
    "rows/s": rowCount / seconds,
    seconds,
    "processor us": (user + system) / rowCount,
    "resident MB": mostResident / 1e6,
  });
  await collector.close();
  await store.close();
  rmSync(folder, { recursive: true });
}

async function send(url: string, rowCount: number): Promise<void> {
  const rowGroups = Array.from({ length: 16 }, (_, i) => typicalDnsRowGroup(i * BATCH_ROWS, BATCH_ROWS));
  const go = new Promise((resolve) => process.once("message", resolve));
  process.send!("ready");
  await go;
  const batchCount = BigInt(Math.ceil(rowCount / BATCH_ROWS));
  let acknowledged = 0n;
  let wake: () => void = () => undefined;
  async function* requests(): AsyncIterable<IngestRequest> {
    const open = create(SessionOpenSchema, { agentId: "bench", sessionId: new Uint8Array(16).fill(3) });
    yield create(IngestRequestSchema, { content: { case: "open", value: open } });
    for (let sequence = 1n; sequence <= batchCount; sequence++) {
      while (sequence - acknowledged > MAX_UNACKNOWLEDGED) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const { count, rows, event } = rowGroups[Number(sequence) % rowGroups.length]!;
      const batch = create(BatchSchema, { sequence, rowGroups: [{ eventType: event.table.eventType, count, rows }] });
      yield create(IngestRequestSchema, { content: { case: "batch", value: batch } });
    }
    while (acknowledged < batchCount) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const client = createClient(IngestService, createGrpcTransport({ baseUrl: url }));
  for await (const { committedSequence } of client.ingest(requests())) {
    acknowledged = committedSequence;
    wake();
  }
  process.disconnect();
}
