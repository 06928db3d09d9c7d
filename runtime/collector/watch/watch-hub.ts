import type { CollectedEvent } from "../../plugin/plugin.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { createPredicates, type ValuePredicate } from "../../schema/matches-filters.js";
import { rowFromColumns, valueFromColumn } from "../../schema/row-from-columns.js";
import type { Row, Value } from "../../schema/value.js";
import type { CommittedBatch, Store } from "../../store/store.js";
import type { ColumnBatch } from "../../wire/columns.js";
import { WireloomError } from "../../wireloom-error.js";
import { type WatchedRows, WatchQueue } from "./watch-queue.js";

/** Clients that may watch at once. */
const MAX_WATCHERS = 256;
/**
 * Milliseconds that watchers' conditions may take for the rows of one commit. What is not looked at by then counts as missed: commits, queries
 * and health wait meanwhile.
 */
const OFFER_MS = 100;

/** Gives watchers the rows that are committed while they watch. Nothing is read while nobody watches an event. */
export class WatchHub {
  readonly #store: Store;
  readonly #watched = new Map<CollectedEvent, WatchedEvent>();
  #stopListening: (() => void) | undefined;
  #watcherCount = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Rows that meet the filters, from now on until the signal. Throws `overloaded` where there are {@link MAX_WATCHERS}. */
  async *watch(
    event: CollectedEvent,
    filters: readonly ParsedFilter[],
    signal: AbortSignal,
  ): AsyncIterable<WatchedRows> {
    if (this.#watcherCount >= MAX_WATCHERS)
      throw new WireloomError("overloaded", `${MAX_WATCHERS} clients watch, which is all at once; try again later`);
    this.#watcherCount++;
    const watcher: Watcher = { predicates: createPredicates(event.table, filters), queue: new WatchQueue(signal) };
    this.#add(event, watcher);
    try {
      yield* watcher.queue;
    } finally {
      this.#watcherCount--;
      this.#remove(event, watcher);
    }
  }

  #add(event: CollectedEvent, watcher: Watcher): void {
    let watched = this.#watched.get(event);
    if (watched === undefined) {
      watched = new WatchedEvent(event);
      this.#watched.set(event, watched);
    }
    watched.watchers.add(watcher);
    this.#stopListening ??= this.#store.onCommit((batches) => this.#offer(batches));
  }

  #remove(event: CollectedEvent, watcher: Watcher): void {
    const watched = this.#watched.get(event);
    watched?.watchers.delete(watcher);
    if (watched?.watchers.size === 0) this.#watched.delete(event);
    if (this.#watched.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  #offer(batches: readonly CommittedBatch[]): void {
    const deadline = performance.now() + OFFER_MS;
    for (const { agentId, segments } of batches) {
      for (const { event, rows } of segments) this.#watched.get(event)?.offer(rows, agentId, deadline);
    }
  }
}

interface Watcher {
  readonly predicates: readonly ValuePredicate[];
  readonly queue: WatchQueue;
}

/** The watchers of one event, and the columns that its rows are read into. */
class WatchedEvent {
  readonly watchers = new Set<Watcher>();
  readonly #event: CollectedEvent;
  readonly #batch: ColumnBatch;
  readonly #agentColumn: number;

  constructor(event: CollectedEvent) {
    this.#event = event;
    this.#batch = event.codec.createColumns();
    this.#agentColumn = event.table.columns.findIndex((column) => column.name === "agent_id");
  }

  /** Gives each watcher the rows that it asked for, out of bytes that the store has read already. */
  offer(bytes: Uint8Array, agentId: string, deadline: number): void {
    for (let position = 0; position < bytes.length; ) {
      position = this.#event.codec.read(bytes, position, bytes.length, this.#batch);
      for (let i = 0; i < this.#batch.rowCount; i++) this.#offerRow(i, agentId, deadline);
    }
  }

  #offerRow(rowIndex: number, agentId: string, deadline: number): void {
    let row: Row | undefined;
    for (const { predicates, queue } of this.watchers) {
      if (performance.now() > deadline) {
        queue.miss();
        continue;
      }
      if (!this.#matches(predicates, rowIndex, agentId)) continue;
      if (queue.isFull) {
        queue.miss();
        continue;
      }
      row ??= rowFromColumns(this.#event.table, this.#batch, rowIndex).with(this.#agentColumn, agentId);
      queue.push(row);
    }
  }

  /** Reads only the columns that the conditions look at: most rows meet none. */
  #matches(predicates: readonly ValuePredicate[], rowIndex: number, agentId: string): boolean {
    for (const { columnIndex, matches } of predicates) {
      const value: Value =
        columnIndex === this.#agentColumn
          ? agentId
          : valueFromColumn(
              this.#event.table.columns[columnIndex]!,
              this.#batch.columns[columnIndex]!,
              this.#batch.bytes,
              rowIndex,
            );
      if (!matches(value)) return false;
    }
    return true;
  }
}
