import type { Datagram } from "../../runtime/plugin/index.js";

/** Ports of servers that are this plugin's, as the event declares them. */
export const SERVER_PORTS: readonly number[] = [443, 784, 853, 4433, 8443, 8853];
/** Ports below this one are a server's, where neither one is QUIC's. */
const FIRST_CLIENT_PORT = 1024;

/** Whether the datagram comes from a server, as far as its ports show, where the packet itself does not. */
export function isFromServerPort({ srcPort, dstPort }: Datagram): boolean {
  const isServerPort = SERVER_PORTS.includes(srcPort);
  if (isServerPort !== SERVER_PORTS.includes(dstPort)) return isServerPort;
  return srcPort < FIRST_CLIENT_PORT && dstPort >= FIRST_CLIENT_PORT;
}
