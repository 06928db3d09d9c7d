import type { FragmentCounters } from "../packet/defragmenter.js";
import type { StreamCounters } from "./stream/stream-limits.js";

/** What one plugin did with the packets and TCP connections it was given. */
export interface PluginCounters {
  readonly resource: string;
  readonly rows: number;
  /** Packets and connections. */
  readonly accepted: number;
  /** Those of `accepted` that are connections. */
  readonly acceptedConnections: number;
  readonly notMine: number;
  readonly truncated: number;
  readonly malformed: number;
  /** Rows with a value cut at its bound. */
  readonly limitedRows: number;
  /** Rows with a value that its field cannot hold. */
  readonly outOfRangeRows: number;
  /** Times that a hook of the plugin threw or returned something other than a verdict. */
  readonly decoderErrors: number;
  /** Packets and connections that came after the plugin was switched off for its errors. */
  readonly skippedPackets: number;
  /** Requests that left a full pending table early. */
  readonly evictedRequests: number;
}

/** What the engine counted; all but `gaps` and `reassembled` count bounds that were reached or packets that do not fit. */
export interface EngineCounters extends StreamCounters, FragmentCounters {
  /** Conversations that ended early because the table was full. */
  readonly evictedConversations: number;
  /** Packets in more tunnels than are followed. */
  readonly deepTunnels: number;
  /** Packets that were not decoded because a checksum is wrong; 0 unless checksums are verified. */
  readonly badChecksums: number;
  /** Packets that were captured again. */
  readonly duplicatePackets: number;
}
