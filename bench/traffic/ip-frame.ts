const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;
const TCP_BYTES = 20;
const UDP_BYTES = 8;

/** Two IPv4 endpoints of generated traffic, addresses as 32-bit numbers. */
export interface Endpoints {
  readonly srcAddress: number;
  readonly dstAddress: number;
  readonly srcPort: number;
  readonly dstPort: number;
}

/** The same endpoints seen from the other side. */
export function reversed({ srcAddress, dstAddress, srcPort, dstPort }: Endpoints): Endpoints {
  return { srcAddress: dstAddress, dstAddress: srcAddress, srcPort: dstPort, dstPort: srcPort };
}

/** An Ethernet frame with a UDP datagram over IPv4; checksums are right for IP and absent for UDP. */
export function udpFrame(ends: Endpoints, payload: Uint8Array): Buffer {
  const frame = ipFrame(ends, 17, UDP_BYTES + payload.length);
  const at = ETHERNET_BYTES + IPV4_BYTES;
  frame.writeUInt16BE(ends.srcPort, at);
  frame.writeUInt16BE(ends.dstPort, at + 2);
  frame.writeUInt16BE(UDP_BYTES + payload.length, at + 4);
  frame.set(payload, at + UDP_BYTES);
  return frame;
}

/** An Ethernet frame with a TCP segment over IPv4, its TCP checksum left at zero. */
export function tcpFrame(
  ends: Endpoints,
  sequence: number,
  acknowledgement: number,
  flags: number,
  payload: Uint8Array,
): Buffer {
  const frame = ipFrame(ends, 6, TCP_BYTES + payload.length);
  const at = ETHERNET_BYTES + IPV4_BYTES;
  frame.writeUInt16BE(ends.srcPort, at);
  frame.writeUInt16BE(ends.dstPort, at + 2);
  frame.writeUInt32BE(sequence >>> 0, at + 4);
  frame.writeUInt32BE(acknowledgement >>> 0, at + 8);
  frame[at + 12] = (TCP_BYTES / 4) << 4;
  frame[at + 13] = flags;
  frame.writeUInt16BE(65535, at + 14);
  frame.set(payload, at + TCP_BYTES);
  return frame;
}

/** An Ethernet frame inside VXLAN (RFC 7348) of `network`, between two hosts. */
export function vxlanFrame(network: number, frame: Uint8Array): Buffer {
  const payload = Buffer.alloc(8 + frame.length);
  payload[0] = 0x08;
  payload.writeUIntBE(network, 4, 3);
  payload.set(frame, 8);
  const srcPort = 49152 + (network % 64);
  return udpFrame({ srcAddress: 0xac100001, dstAddress: 0xac100002, srcPort, dstPort: 4789 }, payload);
}

/** An ICMP echo request with identifier and sequence number as one number, its checksum left at zero. */
export function echoFrame(srcAddress: number, dstAddress: number, numbers: number): Buffer {
  const frame = ipFrame({ srcAddress, dstAddress, srcPort: 0, dstPort: 0 }, 1, 24);
  const at = ETHERNET_BYTES + IPV4_BYTES;
  frame[at] = 8;
  frame.writeUInt32BE(numbers >>> 0, at + 4);
  return frame;
}

/** A UDP datagram over IPv4 in `count` fragments of eight bytes. */
export function fragmentFrames(srcAddress: number, dstAddress: number, count: number): Buffer[] {
  const ends = { srcAddress, dstAddress, srcPort: 1024, dstPort: 7001 };
  return Array.from({ length: count }, (_, i) => {
    const frame = ipFrame(ends, 17, 8);
    frame.writeUInt16BE(7, 18);
    frame.writeUInt16BE((i === count - 1 ? 0 : 0x2000) | i, 20);
    return frame;
  });
}

function ipFrame({ srcAddress, dstAddress }: Endpoints, protocol: number, payloadBytes: number): Buffer {
  const frame = Buffer.alloc(ETHERNET_BYTES + IPV4_BYTES + payloadBytes);
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45]);
  frame.writeUInt16BE(IPV4_BYTES + payloadBytes, 16);
  frame[20] = 0x40;
  frame[22] = 64;
  frame[23] = protocol;
  frame.writeUInt32BE(srcAddress >>> 0, 26);
  frame.writeUInt32BE(dstAddress >>> 0, 30);
  let sum = 0;
  for (let at = ETHERNET_BYTES; at < ETHERNET_BYTES + IPV4_BYTES; at += 2) sum += frame.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame.writeUInt16BE(~sum & 0xffff, 24);
  return frame;
}
