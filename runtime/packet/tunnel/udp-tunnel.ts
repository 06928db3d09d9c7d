import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";
import { decodeAyiya } from "./ayiya.js";
import { decodeGeneve } from "./geneve.js";
import { decodeGre } from "./gre.js";
import { decodeGtpU } from "./gtp-u.js";
import { decodeGue } from "./gue.js";
import { decodeL2tp } from "./l2tp.js";
import { decodeLisp } from "./lisp.js";
import { decodeMplsInUdp } from "./mpls.js";
import { decodeTeredo } from "./teredo.js";
import { UdpPort } from "./udp-ports.js";
import { decodeVxlan, decodeVxlanGpe } from "./vxlan.js";

/**
 * Looks for a tunnel in a datagram, by its destination port; by its source port too for tunnels whose other end may have any port. Either
 * port may be an ordinary client's: a payload that does not look like the port's tunnel is not decoded as one.
 */
export function decodeUdpTunnel(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  const { srcPort, dstPort } = packet;
  const layer = decodeByPort(packet, bytes, start, end, dstPort);
  const isAnswer = layer === Layer.End && srcPort !== dstPort && hasClients(srcPort);
  return isAnswer ? decodeByPort(packet, bytes, start, end, srcPort) : layer;
}

function hasClients(port: number): boolean {
  return port === UdpPort.GtpU || port === UdpPort.L2tp || port === UdpPort.Teredo || port === UdpPort.Ayiya;
}

function decodeByPort(packet: Packet, bytes: Uint8Array, start: number, end: number, port: number): number {
  switch (port) {
    case UdpPort.Vxlan:
    case UdpPort.VxlanOfLinux:
      return decodeVxlan(packet, bytes, start, end);
    case UdpPort.Geneve:
      return decodeGeneve(packet, bytes, start, end);
    case UdpPort.GtpU:
      return decodeGtpU(packet, bytes, start, end);
    case UdpPort.VxlanGpe:
      return decodeVxlanGpe(packet, bytes, start, end);
    case UdpPort.L2tp:
      return decodeL2tp(packet, bytes, start, end);
    case UdpPort.Teredo:
      return decodeTeredo(packet, bytes, start, end);
    case UdpPort.Gre:
      return decodeGre(packet, bytes, start, end);
    case UdpPort.Mpls:
      return decodeMplsInUdp(packet, bytes, start, end);
    case UdpPort.Lisp:
      return decodeLisp(packet, bytes, start, end);
    case UdpPort.Gue:
      return decodeGue(packet, bytes, start, end);
    case UdpPort.Ayiya:
      return decodeAyiya(packet, bytes, start, end);
    default:
      return Layer.End;
  }
}
