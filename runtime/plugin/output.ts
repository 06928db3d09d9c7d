import type { Timestamp } from "../record/timestamp.js";
import type { EventRecord } from "./event-record.js";

/** Output of a decoder. One object for each plugin, reused. */
export interface Output<Record extends EventRecord> {
  /**
   * The record to fill. All fields are at their zero values at the start of each call, whatever an earlier call left in it, and after
   * each `emit` and `hold`.
   */
  readonly record: Record;
  /**
   * Emits the record as a row, seen in the packet that is being decoded or, after `resume`, in the packet of the request. A row of a stream
   * has the connection's client as its source.
   */
  emit(): void;
  /**
   * Emits the record as a row like `emit`, with source and destination exchanged: the row of a response without a request. ICMP's type
   * and code stay in the places of the ports. The same as `emit` in a stream.
   */
  emitReversed(): void;
  /**
   * Keeps the record as an open request of this packet's conversation under `key` (an unsigned 32-bit number such
   * as a transaction id). It becomes a row as it stands when its time to live ends, when the table is full, or when
   * the input ends. A request with the same key replaces the earlier one, which becomes a row first, unless they have different subjects:
   * a subject is a 32-bit number other than 0 that identifies what is requested, such as a hash. After `resume`, the resumed request is kept
   * with the changes, under its own observation and time.
   */
  hold(key: number, subject?: number): void;
  /**
   * Restores the request that the other side of this packet's conversation has open under `key`: the record then has its values from
   * `hold`, with the request's observation. With a subject, only a request with that subject is restored; otherwise the newest one under
   * the key. Returns false, without changing the record, if there is none.
   * The request stays open until `emit`, even if the decoder rejects the response.
   */
  resume(key: number, subject?: number): boolean;
  /** As `resume`, for a request of this packet's own side: another datagram of the client adds to it. The same as `resume` in a stream. */
  resumeOwn(key: number): boolean;
  /**
   * After a `resume` that returned false: whether the request with its key and subject, made at `requestTime`, was answered already. It
   * distinguishes a repeated response from an unsolicited one.
   */
  readonly isRepeated: boolean;
  /** Leaves the request that `resume` restored open for a later packet; the record is reset to its zero values. */
  putBack(): void;
  /** Capture time of the request that `resume` restored. */
  readonly requestTime: Timestamp;
  /**
   * State of the plugin for the packet's conversation, made by `create` at the first call and dropped when the conversation ends.
   * Bound its size: there may be as many states as conversations.
   */
  state<State extends object>(create: () => State): State;
  /**
   * State of the plugin for the whole capture, made by `create` at the first call: for data that does not belong to a conversation, such as
   * the claimant of an address. It lasts as long as the agent runs, so bound its size.
   */
  captureState<State extends object>(create: () => State): State;
  /** Value of one of the options that the event declares. */
  option(name: string): string;
}
