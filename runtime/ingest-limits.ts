const MEBIBYTE = 1024 * 1024;

/** Bounds that agents and the collector agree on; the collector enforces them, agents stay below them. */
export const IngestLimits = {
  /** Bytes of rows in an agent's batch. */
  batchBytes: MEBIBYTE,
  /** Rows in a batch; the collector refuses those beyond. */
  batchRows: 100_000,
  /** Row groups in a batch. */
  batchRowGroups: 256,
  /** Bytes of one message on an ingest stream, after decompression. */
  messageBytes: 8 * MEBIBYTE,
  /** Bytes of an id, a host name, a version, a label's key or value, or a counter's name. */
  nameBytes: 255,
  labels: 64,
  counters: 1024,
  /** Milliseconds between an agent's reports, and between a collector's signs of life. */
  reportIntervalMs: 3000,
  /** Milliseconds without anything from the other side after which the path is dead. */
  silenceMs: 10_000,
} as const;
