// Median time of one filtered REST page over two million DNS rows, end to end over a socket:
//   node --import tsx bench/query/rest-page.ts [rows]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectedEvents } from "../../generated/collected-events.js";
import { startCollector } from "../../runtime/collector/server/start-collector.js";
import { openStore } from "../../runtime/store/open-store.js";
import { median, report } from "../measure.js";
import { typicalDnsRowGroup } from "../store/typical-dns-row-group.js";

const rowCount = Number(process.argv[2] ?? 2_000_000);
const BATCH_ROWS = 8192;
const RUNS = 101;

const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
const store = await openStore(`duckdb:${folder}/bench.duckdb`, collectedEvents);
await fill();
const collector = await startCollector({ listen: "127.0.0.1:0", store, version: "0" });
const pages = [
  "",
  "query_name_eq=host-77.example.com",
  "query_name_prefix=host-77",
  "query_name_contains=T-1234.",
  "src_address_cidr=10.0.7.0/28",
  "rcode_eq=NXDOMAIN&dst_port_eq=53",
  "time_gte=2023-11-14T22:20:00Z&time_lt=2023-11-14T22:21:00Z",
  "answer_data_has=192.0.2.77",
  "query_name_eq=absent.example.com",
  "rcode_eq=NXDOMAIN&order_by=latency desc",
  "count=capped&rcode_eq=NXDOMAIN",
  "page_size=1000&rcode_eq=NXDOMAIN",
];
for (const page of pages) {
  const times: number[] = [];
  let rows = 0;
  for (let i = 0; i < RUNS; i++) {
    const started = performance.now();
    const response = await fetch(`${collector.url}/v1/dns?${page}`);
    const body = (await response.json()) as { data: unknown[] };
    times.push(performance.now() - started);
    rows = body.data.length;
  }
  times.sort((left, right) => left - right);
  report(`page ${page === "" ? "without filters" : page}`, {
    rows,
    "median ms": median(times),
    "p95 ms": times[Math.floor(RUNS * 0.95)]!,
  });
}
const next = (await (await fetch(`${collector.url}/v1/dns?rcode_eq=NXDOMAIN`)).json()) as { next_page_token: string };
const started = performance.now();
await (await fetch(`${collector.url}/v1/dns?rcode_eq=NXDOMAIN&page_token=${next.next_page_token}`)).text();
report("page after the first one", { ms: performance.now() - started });
await collector.close();
await store.close();
rmSync(folder, { recursive: true });

async function fill(): Promise<void> {
  const session = await store.openSession({
    agentId: "bench",
    sessionId: new Uint8Array(16),
    hostname: "",
    version: "",
    labels: {},
  });
  let committed: Promise<unknown> = Promise.resolve();
  const began = performance.now();
  for (let sequence = 1; sequence <= Math.ceil(rowCount / BATCH_ROWS); sequence++) {
    await session.ready();
    const rowGroups = [typicalDnsRowGroup((sequence - 1) * BATCH_ROWS, BATCH_ROWS)];
    committed = session.append({ sequence: BigInt(sequence), rowGroups, counters: new Map() });
  }
  await committed;
  report("rows made and stored", { rows: rowCount, seconds: (performance.now() - began) / 1000 });
}
