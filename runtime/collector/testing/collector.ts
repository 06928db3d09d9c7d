import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { collectedEvents } from "../../../generated/collected-events.js";
import type { DnsSchema } from "../../../generated/dns/dns_pb.js";
import { ListDnsResponseSchema } from "../../../generated/dns/dns_service_pb.js";
import type { RowGroup } from "../../store/ingest-store.js";
import { openStore } from "../../store/open-store.js";
import type { Store } from "../../store/store.js";
import { type Collector, type CollectorOptions, startCollector } from "../server/start-collector.js";

/** A collector with a store of its own, for tests. */
export interface CollectorFixture {
  readonly collector: Collector;
  readonly store: Store;
  /** Errors that the collector logged. */
  readonly logged: unknown[];
  /** Events that it logged. */
  readonly events: unknown[];
  close(): Promise<void>;
}

/** Starts a collector on a free port. */
export async function startFixture(options: Partial<CollectorOptions> = {}): Promise<CollectorFixture> {
  const folder = await mkdtemp(join(tmpdir(), "wireloom-collector-"));
  const store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
  const logged: unknown[] = [];
  const events: unknown[] = [];
  const collector = await startCollector({
    listen: "127.0.0.1:0",
    store,
    version: "0",
    log: (entry) => (typeof entry === "string" ? events : logged).push(entry),
    ...options,
  });
  return {
    collector,
    store,
    logged,
    events,
    async close() {
      await collector.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * A row group of DNS rows that protobuf-es encodes. Row `i` has an id ending in `i` and, where it gives none, a time of
 * `i` seconds after 2023-11-14T22:13:20Z.
 */
export function dnsRowGroup(rows: readonly MessageInitShape<typeof DnsSchema>[]): RowGroup {
  const message = create(ListDnsResponseSchema, {
    rows: rows.map((row, i) => ({
      ...row,
      observation: {
        id: Uint8Array.of(1, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, i >> 8, i & 255),
        time: (1_700_000_000n + BigInt(i)) * 1_000_000_000n,
        ...row.observation,
      },
    })) as MessageInitShape<typeof DnsSchema>[],
  });
  const event = collectedEvents.find(({ table }) => table.resource === "dns")!;
  // The response's rows are its field 1, as a row group's are.
  return { event, count: rows.length, rows: toBinary(ListDnsResponseSchema, message) };
}

/** The last of the sessions that {@link storeRowGroups} opened in a store: an agent has one at a time. */
const lastSessions = new WeakMap<Store, Promise<void>>();

/** Stores row groups as one batch of a session of its own, after those before. */
export function storeRowGroups(store: Store, agentId: string, rowGroups: readonly RowGroup[]): Promise<void> {
  const stored = (lastSessions.get(store) ?? Promise.resolve()).then(() => storeOnce(store, agentId, rowGroups));
  lastSessions.set(
    store,
    stored.catch(() => undefined),
  );
  return stored;
}

async function storeOnce(store: Store, agentId: string, rowGroups: readonly RowGroup[]): Promise<void> {
  const session = await store.openSession({
    agentId,
    sessionId: randomBytes(16),
    hostname: "",
    version: "",
    labels: {},
  });
  try {
    await session.append({ sequence: 1n, rowGroups, counters: new Map() });
  } finally {
    session.close();
  }
}
