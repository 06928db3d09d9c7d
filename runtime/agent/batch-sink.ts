/** Rows of one event type in a batch. */
export interface RowGroupInput {
  /** Full name of the event message, such as `wireloom.dns.v1.Dns`. */
  readonly eventType: string;
  /** Number of rows. */
  readonly count: number;
  /** Wire form of `repeated Event rows = 1`. The sink keeps these bytes without a copy; they must not change. */
  readonly rows: Uint8Array;
}

/** The receiver of an agent's batches. Its creator closes it. */
export interface BatchSink {
  /** Sets the function that reads the counters each time they are sent. */
  countersFrom(read: () => ReadonlyMap<string, number>): void;
  /** Sends a batch; waits while too many bytes are unacknowledged. Rejects with `unavailable` once rows can no longer be stored. */
  send(rowGroups: readonly RowGroupInput[]): Promise<void>;
  /** Counts a row of this event that was dropped, since it exceeds the limits of a batch by itself. */
  refuseRow(eventType: string): void;
  /** Resolves when everything sent is stored. Rejects with `unavailable` when that cannot be. */
  drain(): Promise<void>;
  /** Closes the sink; rows that are not stored are discarded. Never rejects. */
  close(): Promise<void>;
}
