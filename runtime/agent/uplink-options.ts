import type { UplinkTls } from "./collector-session.js";

/** Options of an `Uplink`. */
export interface UplinkOptions {
  /** The collector's URL. */
  readonly url: string;
  readonly tls?: UplinkTls | undefined;
  readonly agentId: string;
  /** 16 bytes; random where absent. The collector skips what it holds of the session already. */
  readonly sessionId?: Uint8Array | undefined;
  /** True where the same input can be sent again in a session of the same id, which then stores each row once. */
  readonly isRepeatable?: boolean | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly version: string;
  /** Plugin names by event type, for counters. */
  readonly resources: ReadonlyMap<string, string>;
  /** Milliseconds in which every attempt to connect fails, after which the uplink fails; undefined to try indefinitely. */
  readonly giveUpAfterMs?: number | undefined;
  /** Bytes of rows that wait for their acknowledgement before `Uplink.send` makes its caller wait. */
  readonly maxWaitingBytes: number;
  /** Ends every wait for the collector. */
  readonly deadline?: AbortSignal | undefined;
  /** Takes messages for the operator, such as that the connection was lost. */
  readonly onState?: (message: string) => void;
}
