/** Limits of the bytes that TCP streams may hold; times are those of the capture. */
export interface StreamLimits {
  /** Maximum bytes of one connection: not yet consumed, and waiting after a gap. */
  readonly connectionBytes: number;
  /** Maximum bytes of all connections of one plugin. */
  readonly pluginBytes: number;
  /** Maximum bytes of all connections. */
  readonly totalBytes: number;
  /** Maximum bytes that wait after a gap in one direction before the gap is given up. */
  readonly gapBytes: number;
  /** How long bytes may wait after a gap. */
  readonly gapMs: number;
}

/** Counters of streams; all except `gaps` count reached limits. */
export interface StreamCounters {
  /** Gaps that were reported to decoders, whatever their cause. */
  gaps: number;
  /** Bytes that were acknowledged by their receiver, and not captured. */
  missedBytes: number;
  /** Connections whose unconsumed bytes were dropped because they exceeded the limit of a connection. */
  overfullConnections: number;
  /** Connections that were given up, longest-holding first, because a plugin reached its limit. */
  evictedByPlugin: number;
  /** Connections that were given up, longest-holding first, because all connections together reached the limit. */
  evictedByTotal: number;
}
