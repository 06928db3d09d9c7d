/** Rows of one event type in a batch. */
export interface RowGroupInput {
  /** Full name of the event message, such as `wireloom.dns.v1.Dns`. */
  readonly eventType: string;
  /** Number of rows. */
  readonly count: number;
  /** Wire form of `repeated Event rows = 1`. The sink keeps these bytes without copying them; nobody changes them. */
  readonly rows: Uint8Array;
}

/** Where an agent's batches go. Whoever makes a sink closes it. */
export interface BatchSink {
  /** Sets where the counters are read whenever some are sent, from now on. */
  countersFrom(read: () => ReadonlyMap<string, number>): void;
  /** Takes a batch over; waits while too much is on its way. Rejects with `unavailable` once nothing more can be stored. */
  send(rowGroups: readonly RowGroupInput[]): Promise<void>;
  /** Counts a row of this event that was dropped, since it exceeds the limits of a batch by itself. */
  refuseRow(eventType: string): void;
  /** Resolves when everything sent is stored. Rejects with `unavailable` when that cannot be. */
  drain(): Promise<void>;
  /** Ends the sink; what is not stored is given up. Never rejects. */
  close(): Promise<void>;
}
