import type { Random } from "../../runtime/record/testing/random.js";
import type { Endpoints } from "./ip-frame.js";

/** A client of 10.0.0.0/12 at one of 256 servers. */
export function randomClient(random: Random, serverPort: number): Endpoints {
  return {
    srcAddress: 0x0a000000 + random.below(1 << 20),
    dstAddress: 0xc6336400 + random.below(256),
    srcPort: 1024 + random.below(64_000),
    dstPort: serverPort,
  };
}
