import type { FragmentCounters } from "../packet/defragmenter.js";
import type { StreamCounters } from "./stream/stream-limits.js";

/** Counters of one plugin. */
export interface PluginCounters {
  readonly resource: string;
  readonly rows: number;
  /** Packets and connections. */
  readonly accepted: number;
  /** The connections among `accepted`. */
  readonly acceptedConnections: number;
  readonly notMine: number;
  readonly truncated: number;
  readonly malformed: number;
  /** Rows with a truncated value. */
  readonly limitedRows: number;
  /** Rows with a value out of its field's range. */
  readonly outOfRangeRows: number;
  /** Times that a hook of the plugin threw or returned something other than a verdict. */
  readonly decoderErrors: number;
  /** Packets and connections that arrived after the plugin was switched off for its errors. */
  readonly skippedPackets: number;
  /** Requests that left early because the pending table was full. */
  readonly evictedRequests: number;
}

/** Counters of the engine; all except `gaps` and `reassembled` count reached limits or invalid packets. */
export interface EngineCounters extends StreamCounters, FragmentCounters {
  /** Conversations that ended early because the table was full. */
  readonly evictedConversations: number;
  /** Packets with more nested tunnels than are decoded. */
  readonly deepTunnels: number;
  /** Packets that were not decoded because of a wrong checksum; 0 unless checksums are verified. */
  readonly badChecksums: number;
  /** Packets that were captured again. */
  readonly duplicatePackets: number;
}
