import { IpProtocol } from "../../packet/ip-protocol.js";
import type { Packet } from "../../packet/packet.js";

/** False if a packet has ICMP's type and code in place of ports: they do not belong to its two endpoints. */
export function hasPorts({ ipProtocol }: Readonly<Packet>): boolean {
  return ipProtocol !== IpProtocol.Icmp && ipProtocol !== IpProtocol.Icmpv6;
}
