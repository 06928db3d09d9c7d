import ipaddr from "ipaddr.js";

const ETHERNET_BYTES = 14;
const UDP_BYTES = 8;
const UDP = 17;

/** Where a datagram made for a test comes from and goes to. */
export interface DatagramEnds {
  readonly srcPort: number;
  readonly dstPort: number;
  /** IPv4 or IPv6; 192.0.2.1 where absent. */
  readonly srcAddress?: string;
  /** Of the same version; 192.0.2.53 where absent. */
  readonly dstAddress?: string;
}

/** An Ethernet frame with one UDP datagram, its checksums left at zero. */
export function udpFrame(payload: Uint8Array, ends: DatagramEnds): Uint8Array {
  const source = ipaddr.parse(ends.srcAddress ?? "192.0.2.1").toByteArray();
  const destination = ipaddr.parse(ends.dstAddress ?? "192.0.2.53").toByteArray();
  const isIpv4 = source.length === 4;
  const headerBytes = isIpv4 ? 20 : 40;
  const udpLength = UDP_BYTES + payload.length;
  const frame = new Uint8Array(ETHERNET_BYTES + headerBytes + udpLength);
  const view = new DataView(frame.buffer);
  view.setUint16(12, isIpv4 ? 0x0800 : 0x86dd);
  if (isIpv4) {
    view.setUint8(14, 0x45);
    view.setUint16(16, headerBytes + udpLength);
    view.setUint8(22, 64);
    view.setUint8(23, UDP);
  } else {
    view.setUint8(14, 0x60);
    view.setUint16(18, udpLength);
    view.setUint8(20, UDP);
    view.setUint8(21, 64);
  }
  const udp = ETHERNET_BYTES + headerBytes;
  frame.set(source, udp - source.length - destination.length);
  frame.set(destination, udp - destination.length);
  view.setUint16(udp, ends.srcPort);
  view.setUint16(udp + 2, ends.dstPort);
  view.setUint16(udp + 4, udpLength);
  frame.set(payload, udp + UDP_BYTES);
  return frame;
}
