import { ipFrame } from "./ip-frame.js";

const UDP_BYTES = 8;
const UDP = 17;

/** Addresses and ports of a datagram made for a test. */
export interface DatagramEnds {
  readonly srcPort: number;
  readonly dstPort: number;
  /** IPv4 or IPv6; default 192.0.2.1. */
  readonly srcAddress?: string;
  /** Of the same version; default 192.0.2.53. */
  readonly dstAddress?: string;
}

/** An Ethernet frame with one UDP datagram, whose checksums are zero. */
export function udpFrame(payload: Uint8Array, ends: DatagramEnds): Uint8Array {
  const { srcAddress = "192.0.2.1", dstAddress = "192.0.2.53" } = ends;
  const datagram = new Uint8Array(UDP_BYTES + payload.length);
  const view = new DataView(datagram.buffer);
  view.setUint16(0, ends.srcPort);
  view.setUint16(2, ends.dstPort);
  view.setUint16(4, datagram.length);
  datagram.set(payload, UDP_BYTES);
  return ipFrame(datagram, { srcAddress, dstAddress, ipProtocol: UDP });
}
