import ipaddr from "ipaddr.js";

const ETHERNET_BYTES = 14;

/** Addresses and payload of an IP packet made for a test. */
export interface PacketEnds {
  /** IPv4 or IPv6. */
  readonly srcAddress: string;
  /** Of the same version. */
  readonly dstAddress: string;
  readonly ipProtocol: number;
  /** Time to live or hop limit; default 64. */
  readonly hopLimit?: number;
}

/** An Ethernet frame with one IP packet, whose checksum is zero. */
export function ipFrame(payload: Uint8Array, ends: PacketEnds): Uint8Array {
  const source = ipaddr.parse(ends.srcAddress).toByteArray();
  const destination = ipaddr.parse(ends.dstAddress).toByteArray();
  const isIpv4 = source.length === 4;
  const headerBytes = isIpv4 ? 20 : 40;
  const frame = new Uint8Array(ETHERNET_BYTES + headerBytes + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint16(12, isIpv4 ? 0x0800 : 0x86dd);
  if (isIpv4) {
    view.setUint8(14, 0x45);
    view.setUint16(16, headerBytes + payload.length);
    view.setUint8(22, ends.hopLimit ?? 64);
    view.setUint8(23, ends.ipProtocol);
  } else {
    view.setUint8(14, 0x60);
    view.setUint16(18, payload.length);
    view.setUint8(20, ends.ipProtocol);
    view.setUint8(21, ends.hopLimit ?? 64);
  }
  const end = ETHERNET_BYTES + headerBytes;
  frame.set(source, end - source.length - destination.length);
  frame.set(destination, end - destination.length);
  frame.set(payload, end);
  return frame;
}
