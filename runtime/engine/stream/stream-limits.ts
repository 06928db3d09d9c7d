/** Bounds of what TCP streams may hold; times are of the capture. */
export interface StreamLimits {
  /** Bytes that one connection may hold: not yet decoded, and after a gap. */
  readonly connectionBytes: number;
  /** Bytes that all connections of one plugin may hold. */
  readonly pluginBytes: number;
  /** Bytes that all connections may hold. */
  readonly totalBytes: number;
  /** Bytes that may wait after a gap in one direction before the gap is given up. */
  readonly gapBytes: number;
  /** How long bytes may wait after a gap. */
  readonly gapMs: number;
}

/** What streams counted, each where a bound was reached but `gaps`. */
export interface StreamCounters {
  /** Gaps that were delivered as such, whatever their cause. */
  gaps: number;
  /** Bytes that were acknowledged by their receiver, and not captured. */
  missedBytes: number;
  /** Connections that lost what a decoder was not done with because it was more than one connection may hold. */
  overfullConnections: number;
  /** Connections that were given up, longest holding first, because a plugin held all it may. */
  evictedByPlugin: number;
  /** Connections that were given up, longest holding first, because all together held all they may. */
  evictedByTotal: number;
}
