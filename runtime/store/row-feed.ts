import type { CollectedEvent } from "../plugin/plugin.js";
import type { ColumnBatch } from "../record/columns.js";
import { COLUMN_CAPACITY } from "../record/columns.js";
import type { RowGroup } from "./ingest-store.js";
import type { SessionBatch } from "./queued-session.js";

/** Bytes of small row groups that are joined at most, so that vectors are full. */
const JOINED_BYTES = 4 << 20;

/** Row groups of one event and one agent, read as batches of columns. */
export interface FeedSource {
  readonly agentId: string;
  readonly rowGroups: readonly RowGroup[];
}

/** The row groups of one event in batches; those of one agent that follow each other together. */
export function feedSources(event: CollectedEvent, batches: readonly SessionBatch[]): FeedSource[] {
  const sources: { agentId: string; rowGroups: RowGroup[] }[] = [];
  for (const { agentId, batch } of batches) {
    const rowGroups = batch.rowGroups.filter((rowGroup) => rowGroup.event === event);
    if (rowGroups.length === 0) continue;
    const last = sources.at(-1);
    if (last?.agentId === agentId) last.rowGroups.push(...rowGroups);
    else sources.push({ agentId, rowGroups });
  }
  return sources;
}

/**
 * Reads row groups of one event as column batches, as full as can be: the wire form of a repeated field may be joined
 * byte by byte, so small row groups become one. Each buffer it reads from is kept until the feed is dropped, because
 * slices of the columns, and what a database makes of them, point into it.
 */
export class RowFeed {
  readonly batch: ColumnBatch;
  /** The agent of the batch's rows. */
  agentId = "";
  readonly #event: CollectedEvent;
  #sources: readonly FeedSource[] = [];
  #sourceIndex = 0;
  #rowGroupIndex = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;
  readonly #kept: Uint8Array[] = [];

  constructor(event: CollectedEvent) {
    this.#event = event;
    this.batch = event.codec.createColumns();
  }

  /** Starts on new row groups, which must be of the feed's event. */
  start(sources: readonly FeedSource[]): void {
    this.#sources = sources;
    this.#sourceIndex = 0;
    this.#rowGroupIndex = 0;
    this.#bytes = new Uint8Array(0);
    this.#position = 0;
  }

  /** Drops the row groups and every buffer. */
  drop(): void {
    this.start([]);
    this.#kept.length = 0;
  }

  /** Fills {@link batch} with the next rows; false at the end. Throws `malformed_row_group`. */
  next(): boolean {
    do {
      if (this.#position === this.#bytes.length && !this.#load()) return false;
      this.#position = this.#event.codec.read(this.#bytes, this.#position, this.#bytes.length, this.batch);
    } while (this.batch.rowCount === 0);
    return true;
  }

  /** Takes the next row group, joined with those after it while all are small. */
  #load(): boolean {
    while (this.#rowGroupIndex === (this.#sources[this.#sourceIndex]?.rowGroups.length ?? 0)) {
      if (this.#sourceIndex >= this.#sources.length) return false;
      this.#sourceIndex++;
      this.#rowGroupIndex = 0;
    }
    const { agentId, rowGroups } = this.#sources[this.#sourceIndex]!;
    this.agentId = agentId;
    const first = this.#rowGroupIndex++;
    let rowCount = rowGroups[first]!.count;
    let byteCount = rowGroups[first]!.rows.length;
    while (this.#rowGroupIndex < rowGroups.length && rowCount < COLUMN_CAPACITY) {
      const next = rowGroups[this.#rowGroupIndex]!;
      // A joined piece fills whole vectors where it can, so that no small remainder needs a vector of its own.
      if (rowCount + next.count > COLUMN_CAPACITY || byteCount + next.rows.length > JOINED_BYTES) break;
      rowCount += next.count;
      byteCount += next.rows.length;
      this.#rowGroupIndex++;
    }
    this.#bytes = join(rowGroups.slice(first, this.#rowGroupIndex), byteCount);
    this.#kept.push(this.#bytes);
    this.#position = 0;
    return true;
  }
}

function join(rowGroups: readonly RowGroup[], byteCount: number): Uint8Array {
  if (rowGroups.length === 1) return rowGroups[0]!.rows;
  const bytes = new Uint8Array(byteCount);
  let position = 0;
  for (const { rows } of rowGroups) {
    bytes.set(rows, position);
    position += rows.length;
  }
  return bytes;
}
