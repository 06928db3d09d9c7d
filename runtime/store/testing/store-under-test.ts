import { afterEach, beforeEach } from "vitest";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { Row } from "../../schema/value.js";
import type { RowGroup, SessionIntroduction } from "../ingest-store.js";
import type { Store } from "../store.js";
import type { StoreBackend } from "../store-backend.js";

/** A place for the store of one test, without one. */
export interface TestLocation {
  readonly location: string;
  /** Removes what the test left there. */
  remove(): Promise<void>;
}

/** The store of the running test. */
export class StoreUnderTest {
  readonly #backend: StoreBackend;
  #place: TestLocation | undefined;
  #store: Store | undefined;

  constructor(backend: StoreBackend) {
    this.#backend = backend;
  }

  /** The store that {@link open} opened last. */
  get store(): Store {
    return this.#store!;
  }

  async enter(createLocation: () => Promise<TestLocation>): Promise<void> {
    this.#place = await createLocation();
  }

  /** Opens the store of the test's location, with these events; one that is open is closed first. */
  async open(events: readonly CollectedEvent[]): Promise<Store> {
    await this.#store?.close();
    this.#store = undefined;
    this.#store = await this.#backend.open(this.#place!.location, events, {});
    return this.#store;
  }

  async leave(): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
    await this.#place?.remove();
  }
}

/** A store for each test of the surrounding `describe`, at a location of its own. */
export function eachWithStore(backend: StoreBackend, createLocation: () => Promise<TestLocation>): StoreUnderTest {
  const tested = new StoreUnderTest(backend);
  beforeEach(() => tested.enter(createLocation));
  afterEach(() => tested.leave());
  return tested;
}

/** How the agent of most tests introduces itself. */
export const INTRODUCTION: SessionIntroduction = {
  agentId: "probe-1",
  sessionId: new Uint8Array(16).fill(7),
  hostname: "host",
  version: "1",
  labels: { site: "lab" },
};

/** Stores row groups as the next batch of the session that {@link INTRODUCTION} opens. */
export async function append(store: Store, ...rowGroups: readonly RowGroup[]): Promise<void> {
  const session = await store.openSession(INTRODUCTION);
  await session.append({ sequence: session.committedSequence + 1n, rowGroups, counters: new Map() });
  session.close();
}

/** All rows of an event, in the order of their ids. */
export function storedRows(store: Store, { table }: CollectedEvent): Promise<Row[]> {
  const id = table.columns.find((column) => column.name === "id")!;
  return store.selectRows({
    table,
    columns: table.columns,
    filters: [],
    orderBy: [{ column: id, isDescending: false }],
  });
}

/** The order of {@link storedRows}; the id is the first column. */
export function byId(left: Row, right: Row): number {
  return String(left[0]) < String(right[0]) ? -1 : 1;
}
