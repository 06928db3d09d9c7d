import type { Timestamp } from "../wire/timestamp.js";
import type { EventRecord } from "./event-record.js";

/** Where a decoder puts what it found. One object for each plugin, reused. */
export interface Output<Record extends EventRecord> {
  /** The record to fill; all fields at their zero values at the start of each call and after each `emit` and `hold`. */
  readonly record: Record;
  /** Makes the record a row, seen in the packet that is being decoded or, after `resume`, in the request's. */
  emit(): void;
  /** Makes the record a row like `emit`, with source and destination exchanged: the row of a response without a request. */
  emitReversed(): void;
  /**
   * Keeps the record as an open request of this packet's conversation under `key` (an unsigned 32-bit number such
   * as a transaction id). It becomes a row as it stands when its time to live ends, when the table is full, or when
   * the input ends. A request of the same key replaces the earlier one, which becomes a row first.
   */
  hold(key: number): void;
  /**
   * Restores the request that the other side of this packet's conversation holds under `key`: the record is then
   * as it was at `hold`, with the request's observation. False, and the record untouched, when there is none.
   * The request stays open until `emit`: it outlives a decoder that gives up on the response.
   */
  resume(key: number): boolean;
  /** Leaves the request that `resume` restored to a later packet; the record is at its zero values again. */
  putBack(): void;
  /** Capture time of the request that `resume` restored. */
  readonly requestTime: Timestamp;
}
