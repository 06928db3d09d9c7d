import { Uplink } from "../uplink.js";
import type { UplinkOptions } from "../uplink-options.js";

/** An uplink for tests: of the agent `probe`, with room for much that waits, unless the options have it otherwise. */
export function newUplink(options: Partial<UplinkOptions> & Pick<UplinkOptions, "url">): Uplink {
  return new Uplink({
    agentId: "probe",
    labels: {},
    version: "0",
    resources: new Map(),
    maxWaitingBytes: 32 << 20,
    ...options,
  });
}
