import { portsOf } from "../conditions.js";
import type { Difference } from "../difference.js";

/** tshark's preference `http.tcp.port`. */
const HTTP_PORTS: readonly number[] = [80, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710];

/** Whether one of the frame's ports is one on which tshark looks for HTTP. */
export function isOnHttpPort({ evidence }: Difference): boolean {
  return portsOf(evidence.frame).some((port) => HTTP_PORTS.includes(port));
}
