import { TcpFlag } from "../../packet/tcp-flag.js";
import { type DatagramEnds, udpFrame } from "./udp-frame.js";

const TCP = 6;
const TCP_BYTES = 20;
const UDP_BYTES = 8;

/** A TCP segment made for a test; numbers are 32-bit, flags those of {@link TcpFlag}. */
export interface SegmentFields {
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly flags?: number;
  readonly window?: number;
}

/** An Ethernet frame with one TCP segment, whose checksums are zero. ACK is set unless flags are given. */
export function tcpFrame(
  payload: Uint8Array,
  ends: DatagramEnds,
  { sequence = 0, acknowledgement = 0, flags = TcpFlag.Ack, window = 65535 }: SegmentFields = {},
): Uint8Array {
  // A UDP frame whose payload starts with the part of the TCP header beyond the length of a UDP header.
  const frame = udpFrame(Buffer.concat([new Uint8Array(TCP_BYTES - UDP_BYTES), payload]), ends);
  const view = new DataView(frame.buffer);
  const isIpv4 = view.getUint16(12) === 0x0800;
  frame[isIpv4 ? 23 : 20] = TCP;
  const header = frame.length - payload.length - TCP_BYTES;
  view.setUint32(header + 4, sequence);
  view.setUint32(header + 8, acknowledgement);
  view.setUint8(header + 12, (TCP_BYTES / 4) << 4);
  view.setUint8(header + 13, flags);
  view.setUint16(header + 14, window);
  view.setUint32(header + 16, 0);
  return frame;
}
