import type { CollectedEvent } from "../../plugin/plugin.js";
import type { ColumnBatch } from "../../record/columns.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { createPredicates, type ValuePredicate } from "../../schema/matches-filters.js";
import { rowFromColumns, valueFromColumn } from "../../schema/row-from-columns.js";
import type { Row, Value } from "../../schema/value.js";
import type { CommittedBatch, IngestStore } from "../../store/ingest-store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { Pacer } from "./pacer.js";
import { type WatchedRows, WatchQueue } from "./watch-queue.js";

/** Maximum of clients that watch at once. */
const MAX_WATCHERS = 256;
/** Milliseconds for which watchers' conditions are tested without a pause. */
const SLICE_MS = 5;
const WATCHERS_A_STEP = 16;
/** At most a quarter of the time is spent on conditions, and half on rows for the watchers. */
const CONDITIONS_REST = 3;
const ROWS_REST = 1;
/** Maximum bytes of committed rows that wait to be tested; more count as missed by all watchers. */
const MAX_WAITING_BYTES = 32 << 20;

/**
 * Gives watchers the rows that are committed while they watch, as far as commits and queries leave time for it. Nothing is read
 * while an event has no watcher.
 */
export class WatchHub {
  readonly #store: IngestStore;
  readonly #log: CollectorLog;
  readonly #watched = new Map<CollectedEvent, WatchedEvent>();
  #stopListening: (() => void) | undefined;
  #watcherCount = 0;
  readonly #waiting: WaitingRowGroup[] = [];
  #waitingBytes = 0;
  #rowGroupCount = 0;
  #isLooking = false;
  readonly #conditionsPacer = new Pacer(CONDITIONS_REST);
  readonly #rowsPacer = new Pacer(ROWS_REST);

  constructor(store: IngestStore, log: CollectorLog) {
    this.#store = store;
    this.#log = log;
  }

  /** Rows that meet the filters, from now on until the signal. Throws `overloaded` where there are {@link MAX_WATCHERS}. */
  async *watch(
    event: CollectedEvent,
    filters: readonly ParsedFilter[],
    signal: AbortSignal,
  ): AsyncIterable<WatchedRows> {
    if (this.#watcherCount >= MAX_WATCHERS)
      throw new WireloomError("overloaded", `${MAX_WATCHERS} clients watch, the maximum; try again later`);
    this.#watcherCount++;
    const watcher: Watcher = {
      predicates: createPredicates(event.table, filters),
      queue: new WatchQueue(signal, this.#rowsPacer),
      lastRowGroup: this.#rowGroupCount,
    };
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
    for (const { agentId, rowGroups } of batches) {
      for (const { event, count, rows } of rowGroups) {
        const watched = this.#watched.get(event);
        if (watched === undefined) continue;
        if (this.#waitingBytes + rows.length > MAX_WAITING_BYTES) {
          watched.miss(count);
          continue;
        }
        this.#waitingBytes += rows.length;
        this.#waiting.push({ watched, rows, count, agentId, number: ++this.#rowGroupCount });
      }
    }
    if (!this.#isLooking) void this.#look();
  }

  /** Tests the waiting rows, a slice in each turn. */
  async #look(): Promise<void> {
    this.#isLooking = true;
    for (let rowGroup = this.#waiting.shift(); rowGroup !== undefined; rowGroup = this.#waiting.shift()) {
      try {
        const steps = rowGroup.watched.offer(rowGroup);
        do {
          await this.#conditionsPacer.turn();
        } while (!isOver(steps, performance.now() + SLICE_MS));
      } catch (error) {
        this.#log(error);
        rowGroup.watched.missRest(rowGroup);
      }
      this.#waitingBytes -= rowGroup.rows.length;
    }
    this.#isLooking = false;
  }
}

/** Takes steps until there are none, and then returns true, or until the deadline. */
function isOver(steps: Iterator<void>, deadline: number): boolean {
  do {
    if (steps.next().done) return true;
  } while (performance.now() < deadline);
  return false;
}

/** Rows of an event that were committed. */
interface WaitingRowGroup {
  readonly watched: WatchedEvent;
  readonly agentId: string;
  readonly rows: Uint8Array;
  readonly count: number;
  /** Counts the row groups: watchers receive those after the last one at their start. */
  readonly number: number;
}

interface Watcher {
  readonly lastRowGroup: number;
  readonly predicates: readonly ValuePredicate[];
  readonly queue: WatchQueue;
}

/** The watchers of one event, and the columns that its rows are read into. */
class WatchedEvent {
  readonly watchers = new Set<Watcher>();
  readonly #event: CollectedEvent;
  readonly #batch: ColumnBatch;
  readonly #agentColumn: number;
  /** Rows of the present row group that every watcher was offered. */
  #offeredRows = 0;

  constructor(event: CollectedEvent) {
    this.#event = event;
    this.#batch = event.codec.createColumns();
    this.#agentColumn = event.table.columns.findIndex((column) => column.name === "agent_id");
  }

  /** Counts rows that were not tested. */
  miss(rows: number): void {
    for (const { queue } of this.watchers) queue.miss(rows);
  }

  /** Counts the rows of a row group that {@link offer} has not come to, for those who watched when it was committed. */
  missRest({ count, number }: WaitingRowGroup): void {
    for (const { queue, lastRowGroup } of this.watchers) {
      if (number > lastRowGroup) queue.miss(Math.max(0, count - this.#offeredRows));
    }
  }

  /** Passes each watcher the rows that it selected, some watchers in each step. */
  *offer({ rows, agentId, number }: WaitingRowGroup): Generator<void> {
    this.#offeredRows = 0;
    for (let position = 0; position < rows.length && this.watchers.size > 0; ) {
      position = this.#event.codec.read(rows, position, rows.length, this.#batch);
      for (let i = 0; i < this.#batch.rowCount; i++) {
        yield* this.#offerRow(i, agentId, number);
        this.#offeredRows++;
      }
    }
  }

  *#offerRow(rowIndex: number, agentId: string, rowGroupNumber: number): Generator<void> {
    let row: Row | undefined;
    let looked = 0;
    for (const { predicates, queue, lastRowGroup } of this.watchers) {
      if (looked++ % WATCHERS_A_STEP === 0) yield;
      if (rowGroupNumber <= lastRowGroup || !this.#matches(predicates, rowIndex, agentId)) continue;
      if (queue.isFull) {
        queue.miss();
        continue;
      }
      row ??= rowFromColumns(this.#event.table, this.#batch, rowIndex).with(this.#agentColumn, agentId);
      queue.push(row);
    }
  }

  /** Reads only the columns of the conditions, because most rows do not meet them. */
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
