import type { Timestamp } from "../record/timestamp.js";
import type { EventRecord } from "./event-record.js";

/** Where a decoder puts what it found. One object for each plugin, reused. */
export interface Output<Record extends EventRecord> {
  /**
   * The record to fill; all fields at their zero values at the start of each call, whatever an earlier call left in it, and after each
   * `emit` and `hold`.
   */
  readonly record: Record;
  /**
   * Makes the record a row, seen in the packet that is being decoded or, after `resume`, in the request's. A row of a stream has the
   * connection's client as its source.
   */
  emit(): void;
  /**
   * Makes the record a row like `emit`, with source and destination exchanged: the row of a response without a request. ICMP's type
   * and code stay in the ports' places. The same as `emit` in a stream.
   */
  emitReversed(): void;
  /**
   * Keeps the record as an open request of this packet's conversation under `key` (an unsigned 32-bit number such
   * as a transaction id). It becomes a row as it stands when its time to live ends, when the table is full, or when
   * the input ends. A request of the same key replaces the earlier one, which becomes a row first, unless they have different subjects: 32-bit
   * numbers other than 0 for what each asks for, such as a hash. After `resume` it keeps the resumed request on, changed, under its own
   * observation and time.
   */
  hold(key: number, subject?: number): void;
  /**
   * Restores the request that the other side of this packet's conversation holds under `key`: the record is then
   * as it was at `hold`, with the request's observation. With a subject only a request of that is meant, else the newest one under the
   * key. False, and the record untouched, when there is none.
   * The request stays open until `emit`: it outlives a decoder that gives up on the response.
   */
  resume(key: number, subject?: number): boolean;
  /** As `resume`, of the request that this packet's own side holds: a datagram of the client adds to it. The same in a stream. */
  resumeOwn(key: number): boolean;
  /**
   * After a `resume` that found nothing: the request under its key and of its subject, made at `requestTime`, was answered already. The row of a response that
   * comes again is best distinguished from one that nobody asked for.
   */
  readonly isRepeated: boolean;
  /** Leaves the request that `resume` restored to a later packet; the record is at its zero values again. */
  putBack(): void;
  /** Capture time of the request that `resume` restored. */
  readonly requestTime: Timestamp;
  /**
   * What the plugin keeps of the packet's conversation, made by `create` at the first call and dropped when the conversation ends.
   * Bound what it holds: there may be as many as there are conversations.
   */
  state<State extends object>(create: () => State): State;
  /**
   * What the plugin keeps of the whole capture, made by `create` at the first call: for what belongs to no conversation, such as who
   * claimed an address. It lasts as long as the agent runs, so bound what it holds.
   */
  captureState<State extends object>(create: () => State): State;
  /** Value of one of the options that the event declares. */
  option(name: string): string;
}
