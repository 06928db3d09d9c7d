// Rows a second from wire row groups into a DuckDB file, committed:
//   node --import tsx bench/store/append.ts [rows] [typical | dns | flow | ntp]
// Typical rows are DNS transactions as a resolver has them; the others are random in every field.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectedEvents } from "../../generated/collected-events.js";
import { openStore } from "../../runtime/store/open-store.js";
import { report } from "../measure.js";
import { randomRowGroups } from "./random-row-groups.js";
import { typicalDnsRowGroup } from "./typical-dns-row-group.js";

const rowCount = Number(process.argv[2] ?? 2_000_000);
const resource = process.argv[3] ?? "typical";
const BATCH_ROWS = 2048;

const rowGroups =
  resource === "typical"
    ? Array.from({ length: 32 }, (_, i) => typicalDnsRowGroup(i * BATCH_ROWS, BATCH_ROWS))
    : randomRowGroups(resource, 32, BATCH_ROWS);
const rowGroupBytes = rowGroups.reduce((sum, rowGroup) => sum + rowGroup.rows.length, 0) / rowGroups.length;
const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
const store = await openStore(`duckdb:${folder}/bench.duckdb`, collectedEvents);
const session = await store.openSession({
  agentId: "bench",
  sessionId: new Uint8Array(16).fill(1),
  hostname: "bench",
  version: "0",
  labels: {},
});

let longestPauseMs = 0;
let last = performance.now();
const pauses = setInterval(() => {
  longestPauseMs = Math.max(longestPauseMs, performance.now() - last - 10);
  last = performance.now();
}, 10);
const cpu = process.cpuUsage();
const started = performance.now();
let committed: Promise<unknown> = Promise.resolve();
for (let sequence = 1; sequence <= rowCount / BATCH_ROWS; sequence++) {
  await session.ready();
  const rowGroup = rowGroups[sequence % rowGroups.length]!;
  committed = session.append({ sequence: BigInt(sequence), rowGroups: [rowGroup], counters: new Map() });
}
await committed;
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
clearInterval(pauses);
const rows = Math.floor(rowCount / BATCH_ROWS) * BATCH_ROWS;
const residentBytes = process.memoryUsage.rss();
await store.close();
report(`append ${resource}`, {
  "rows/s": rows / seconds,
  "bytes a row on the wire": rowGroupBytes / BATCH_ROWS,
  "processor us": (user + system) / rows,
  "longest pause ms": longestPauseMs,
  "resident MB": residentBytes / 1e6,
  "file MB": statSync(`${folder}/bench.duckdb`).size / 1e6,
});
rmSync(folder, { recursive: true });
