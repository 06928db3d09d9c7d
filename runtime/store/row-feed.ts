import type { CollectedEvent } from "../plugin/plugin.js";
import type { ColumnBatch } from "../record/columns.js";
import { COLUMN_CAPACITY } from "../record/columns.js";
import type { IngestSegment } from "./ingest-store.js";
import type { SessionBatch } from "./queued-session.js";

/** Bytes of small segments that are joined at most, so that vectors are full. */
const JOINED_BYTES = 4 << 20;

/** Segments of one event and one agent, read as batches of columns. */
export interface FeedSource {
  readonly agentId: string;
  readonly segments: readonly IngestSegment[];
}

/** The segments of one event in batches; those of one agent that follow each other together. */
export function feedSources(event: CollectedEvent, batches: readonly SessionBatch[]): FeedSource[] {
  const sources: { agentId: string; segments: IngestSegment[] }[] = [];
  for (const { agentId, batch } of batches) {
    const segments = batch.segments.filter((segment) => segment.event === event);
    if (segments.length === 0) continue;
    const last = sources.at(-1);
    if (last?.agentId === agentId) last.segments.push(...segments);
    else sources.push({ agentId, segments });
  }
  return sources;
}

/**
 * Reads segments of one event as column batches, as full as can be: the wire form of a repeated field may be joined
 * byte by byte, so small segments become one. Each buffer it reads from is kept until the feed is dropped, because
 * slices of the columns, and what a database makes of them, point into it.
 */
export class RowFeed {
  readonly batch: ColumnBatch;
  /** The agent of the batch's rows. */
  agentId = "";
  readonly #event: CollectedEvent;
  #sources: readonly FeedSource[] = [];
  #sourceIndex = 0;
  #segmentIndex = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;
  readonly #kept: Uint8Array[] = [];

  constructor(event: CollectedEvent) {
    this.#event = event;
    this.batch = event.codec.createColumns();
  }

  /** Starts on new segments, which must be of the feed's event. */
  start(sources: readonly FeedSource[]): void {
    this.#sources = sources;
    this.#sourceIndex = 0;
    this.#segmentIndex = 0;
    this.#bytes = new Uint8Array(0);
    this.#position = 0;
  }

  /** Drops the segments and every buffer. */
  drop(): void {
    this.start([]);
    this.#kept.length = 0;
  }

  /** Fills {@link batch} with the next rows; false at the end. Throws `malformed_segment`. */
  next(): boolean {
    do {
      if (this.#position === this.#bytes.length && !this.#load()) return false;
      this.#position = this.#event.codec.read(this.#bytes, this.#position, this.#bytes.length, this.batch);
    } while (this.batch.rowCount === 0);
    return true;
  }

  /** Takes the next segment, joined with those after it while all are small. */
  #load(): boolean {
    while (this.#segmentIndex === (this.#sources[this.#sourceIndex]?.segments.length ?? 0)) {
      if (this.#sourceIndex >= this.#sources.length) return false;
      this.#sourceIndex++;
      this.#segmentIndex = 0;
    }
    const { agentId, segments } = this.#sources[this.#sourceIndex]!;
    this.agentId = agentId;
    const first = this.#segmentIndex++;
    let rowCount = segments[first]!.count;
    let byteCount = segments[first]!.rows.length;
    while (this.#segmentIndex < segments.length && rowCount < COLUMN_CAPACITY) {
      const next = segments[this.#segmentIndex]!;
      // A joined piece holds whole vectors where it can: beyond one, a remainder would travel alone.
      if (rowCount + next.count > COLUMN_CAPACITY || byteCount + next.rows.length > JOINED_BYTES) break;
      rowCount += next.count;
      byteCount += next.rows.length;
      this.#segmentIndex++;
    }
    this.#bytes = join(segments.slice(first, this.#segmentIndex), byteCount);
    this.#kept.push(this.#bytes);
    this.#position = 0;
    return true;
  }
}

function join(segments: readonly IngestSegment[], byteCount: number): Uint8Array {
  if (segments.length === 1) return segments[0]!.rows;
  const bytes = new Uint8Array(byteCount);
  let position = 0;
  for (const { rows } of segments) {
    bytes.set(rows, position);
    position += rows.length;
  }
  return bytes;
}
