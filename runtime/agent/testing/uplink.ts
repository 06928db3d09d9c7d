import { ConnectTransport } from "../connect/connect-transport.js";
import { MemoryQueue } from "../memory-queue.js";
import { Uplink } from "../uplink.js";
import type { UplinkOptions } from "../uplink-options.js";

/** Options of an uplink for tests. */
export interface TestUplinkOptions extends Partial<UplinkOptions> {
  /** The collector's URL, for an uplink over Connect. */
  readonly url?: string;
  readonly tlsCa?: string | undefined;
  readonly sessionId?: Uint8Array | undefined;
  readonly maxWaitingBytes?: number;
}

/** An uplink for tests: of the agent `probe`, with room for much that waits, unless the options have it otherwise. */
export function newUplink(options: TestUplinkOptions): Uplink {
  const { url = "", tlsCa, sessionId, maxWaitingBytes = 32 << 20, ...rest } = options;
  return new Uplink({
    transport: rest.transport ?? new ConnectTransport(url, tlsCa),
    queue: new MemoryQueue(maxWaitingBytes, sessionId),
    agentId: "probe",
    labels: {},
    version: "0",
    resources: new Map(),
    ...rest,
  });
}
