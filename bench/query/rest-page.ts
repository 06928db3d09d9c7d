// Median time of one filtered REST page over two million DNS rows, end to end over a socket:
//   node --import tsx bench/query/rest-page.ts [rows]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { collectedEvents } from "../../generated/collected-events.js";
import { ListDnsResponseSchema } from "../../generated/dns/dns_service_pb.js";
import { startCollector } from "../../runtime/collector/server/start-collector.js";
import { openStore } from "../../runtime/store/open-store.js";
import { Random } from "../../runtime/wire/random.js";

const rowCount = Number(process.argv[2] ?? 2_000_000);
const BATCH_ROWS = 8192;
const NAMES = 20_000;
const RUNS = 101;

const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
const store = await openStore(`duckdb:${folder}/bench.duckdb`, collectedEvents);
await fill();
const collector = await startCollector({ listen: "127.0.0.1:0", store, openApi: {}, version: "0" });
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
  console.log(
    `${page.padEnd(70)} ${String(rows).padStart(5)} rows  median ${times[RUNS >> 1]!.toFixed(1)} ms  p95 ${times[Math.floor(RUNS * 0.95)]!.toFixed(1)} ms`,
  );
}
const next = (await (await fetch(`${collector.url}/v1/dns?rcode_eq=NXDOMAIN`)).json()) as { next_page_token: string };
const started = performance.now();
await (await fetch(`${collector.url}/v1/dns?rcode_eq=NXDOMAIN&page_token=${next.next_page_token}`)).text();
console.log(`the page after: ${(performance.now() - started).toFixed(1)} ms`);
await collector.close();
await store.close();
rmSync(folder, { recursive: true });

/** Stores rows as a resolver's traffic has them: many repeated names and clients, one answer in most rows. */
async function fill(): Promise<void> {
  const event = collectedEvents.find(({ table }) => table.resource === "dns")!;
  const session = await store.openSession({
    agentId: "bench",
    sessionId: new Uint8Array(16),
    hostname: "",
    version: "",
    labels: {},
  });
  const random = new Random(1);
  let committed = Promise.resolve();
  const began = performance.now();
  for (let sequence = 1; sequence <= Math.ceil(rowCount / BATCH_ROWS); sequence++) {
    const rows = Array.from({ length: BATCH_ROWS }, (_, i) => {
      const n = (sequence - 1) * BATCH_ROWS + i;
      const isFailed = random.oneIn(20);
      const queryName = `host-${random.below(NAMES)}.example.com`;
      return {
        observation: {
          id: Uint8Array.of(1, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, n >>> 24, n >>> 16, n >>> 8, n),
          time: 1_700_000_000_000_000_000n + BigInt(n) * 500_000n,
          interface: "eth0",
          srcAddress: Uint8Array.of(10, 0, random.below(16), random.below(256)),
          dstAddress: Uint8Array.of(192, 0, 2, 53),
          srcPort: 1024 + random.below(60000),
          dstPort: 53,
          transport: 17,
          communityId: `1:${Math.floor(n / 3)
            .toString(16)
            .padStart(27, "x")}=`,
          frameNumber: BigInt(n * 2),
          samplingRate: 1,
        },
        state: 1,
        service: 1,
        latency: BigInt(random.below(100_000_000)),
        responseFrame: BigInt(n * 2 + 1),
        transactionId: random.below(65536),
        recursionDesired: true,
        rcode: isFailed ? 3 : 0,
        queryName,
        queryType: random.oneIn(2) ? 1 : 28,
        queryClass: 1,
        questionCount: 1,
        answerCount: isFailed ? 0 : 1,
        answerNames: isFailed ? [] : [queryName],
        answerTypes: isFailed ? [] : [1],
        answerTtls: isFailed ? [] : [300],
        answerData: isFailed ? [] : [`192.0.2.${random.below(256)}`],
      };
    });
    const bytes = toBinary(ListDnsResponseSchema, create(ListDnsResponseSchema, { rows }));
    await session.ready();
    committed = session.append({
      sequence: BigInt(sequence),
      segments: [{ event, count: BATCH_ROWS, rows: bytes }],
      counters: new Map(),
    });
  }
  await committed;
  console.log(`${rowCount} rows made and stored in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
