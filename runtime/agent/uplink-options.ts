import type { BatchQueue } from "./batch-queue.js";
import type { Transport } from "./transport.js";

/** Options of an `Uplink`. */
export interface UplinkOptions {
  /** Brings the batches to the collector. */
  readonly transport: Transport;
  /** Keeps the batches until they are committed, with the session that they are of. */
  readonly queue: BatchQueue;
  readonly agentId: string;
  /** True where the same input can be sent again in a session of the same id, which then stores each row once. */
  readonly isRepeatable?: boolean | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly version: string;
  /** Plugin names by event type, for counters. */
  readonly resources: ReadonlyMap<string, string>;
  /** Milliseconds in which every attempt to connect fails, after which the uplink fails; undefined to try indefinitely. */
  readonly giveUpAfterMs?: number | undefined;
  /** Ends every wait for the collector. */
  readonly deadline?: AbortSignal | undefined;
  /** Takes messages for the operator, such as that the connection was lost. */
  readonly onState?: (message: string) => void;
}
