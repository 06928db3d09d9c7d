import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import { walkRows } from "../../collector/query/walk-rows.js";
import { dnsRowGroup } from "../../collector/testing/collector.js";
import type { Row } from "../../schema/value.js";
import { openStore } from "../open-store.js";
import type { Store } from "../store.js";

const SECONDS = 5;
const BATCH_ROWS = 200;
const START = 1_700_000_000n * 1_000_000_000n;

const { table } = collectedEvents.find((event) => event.table.resource === "dns")!;
const column = (name: string) => table.columns.find((candidate) => candidate.name === name)!;
const columns = [column("time"), column("query_name"), column("latency"), column("answer_names"), column("agent_id")];

/** Row `n` as it is sent: every value is made of `n`, and grows with it. */
function rowOf(n: number) {
  return {
    queryName: `${"label.".repeat(n % 40)}n${n}.example`,
    latency: BigInt(n) * 1_000_003n,
    answerNames: Array.from({ length: n % 5 }, (_, i) => `${"answer".repeat(i)}-${n}`),
    observation: { time: START + BigInt(n) * 1_000_000n },
  };
}

/** Throws unless the row has the values that were sent. */
function check(row: Row): void {
  const [time, queryName, latency, answerNames, agentId] = row;
  const sent = rowOf(Number(((time as bigint) - START) / 1_000_000n));
  expect([queryName, latency, answerNames, agentId]).toEqual([
    sent.queryName,
    sent.latency,
    sent.answerNames,
    "writer",
  ]);
}

async function write(store: Store, until: number): Promise<number> {
  const session = await store.openSession({
    agentId: "writer",
    sessionId: new Uint8Array(16).fill(9),
    hostname: "a host",
    version: "1",
    labels: { site: "a site of more than a few letters" },
  });
  let count = 0;
  for (let sequence = 1n; performance.now() < until; sequence++) {
    const rows = Array.from({ length: BATCH_ROWS }, (_, i) => rowOf(count + i));
    const counters = new Map([["packets", BigInt(count) * 1_000_003n]]);
    await session.append({ sequence, rowGroups: [dnsRowGroup(rows)], counters });
    count += BATCH_ROWS;
  }
  session.close();
  return count;
}

describe("every read path beside writes", () => {
  it("returns the values that were sent", async () => {
    const folder = await mkdtemp(join(tmpdir(), "wireloom-reads-"));
    const store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
    const until = performance.now() + SECONDS * 1000;
    let answers = 0;
    const repeat = async (read: () => Promise<void>) => {
      while (performance.now() < until) {
        await read();
        answers++;
      }
    };
    const page = (name: string, isDescending: boolean) => async () => {
      const orderBy = [{ column: column(name), isDescending }];
      for (const row of await store.selectRows({ table, columns, filters: [], orderBy, limit: 300 })) check(row);
    };
    const writing = write(store, until);
    await Promise.all([
      repeat(page("time", true)),
      repeat(page("latency", true)),
      repeat(page("query_name", false)),
      repeat(async () => {
        const filters = [{ column: column("query_name"), operator: "contains" as const, values: ["n1"] }];
        const count = await store.countRows(table, filters, undefined, { kind: "costly" });
        expect(count <= (await store.countRows(table, filters, undefined, { kind: "costly" }))).toBe(true);
      }),
      repeat(async () => {
        const selection = { table, columns, filters: [], orderBy: [{ column: column("time"), isDescending: false }] };
        let next = 0n;
        for await (const rows of walkRows(store, selection, { kind: "export" })) {
          for (const row of rows) {
            check(row);
            expect(row[0]).toBe(START + next++ * 1_000_000n);
          }
        }
      }),
      repeat(async () => {
        for (const agent of await store.listAgents()) {
          expect([agent.id, agent.hostname, agent.labels]).toEqual([
            "writer",
            "a host",
            { site: "a site of more than a few letters" },
          ]);
          if (agent.rowCount > 0n) {
            // Counters are those of the batch that was sent last, rows those that are committed.
            const packets = agent.counters["packets"]!;
            expect(packets % (BigInt(BATCH_ROWS) * 1_000_003n)).toBe(0n);
            expect(packets >= (agent.rowCount - BigInt(BATCH_ROWS)) * 1_000_003n).toBe(true);
          }
        }
      }),
    ]);
    const sent = await writing;
    expect(await store.countRows(table, [])).toBe(BigInt(sent));
    expect(answers).toBeGreaterThan(10);
    await store.close();
    await rm(folder, { recursive: true });
  });
});
