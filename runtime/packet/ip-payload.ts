import { decodeIcmp } from "./icmp.js";
import { IpProtocol } from "./ip-protocol.js";
import type { Packet } from "./packet.js";
import { decodeSctp } from "./sctp.js";
import { decodeTcp } from "./tcp.js";
import { decodeUdp } from "./udp.js";

/** What follows the IP headers, by IP protocol; `packet.payloadLengthBytes` is what IP declares of it. */
export function decodeIpPayload(packet: Packet, bytes: Uint8Array, start: number, end: number, protocol: number): void {
  packet.ipProtocol = protocol;
  switch (protocol) {
    case IpProtocol.Udp:
      decodeUdp(packet, bytes, start, end);
      return;
    case IpProtocol.Tcp:
      decodeTcp(packet, bytes, start, end);
      return;
    case IpProtocol.Icmp:
    case IpProtocol.Icmpv6:
      decodeIcmp(packet, bytes, start, end);
      return;
    case IpProtocol.Sctp:
      decodeSctp(packet, bytes, start, end);
      return;
    case IpProtocol.AuthenticationHeader:
      decodeAuthenticated(packet, bytes, start, end);
      return;
  }
}

/** One authentication header (RFC 4302); a second one directly behind it is left to decoders. */
function decodeAuthenticated(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < 12) return;
  const lengthBytes = (bytes[start + 1]! + 2) << 2;
  const protocol = bytes[start]!;
  if (end - start < lengthBytes || protocol === IpProtocol.AuthenticationHeader) return;
  const payloadStart = start + lengthBytes;
  packet.start = payloadStart;
  packet.transportStart = payloadStart;
  packet.payloadLengthBytes -= lengthBytes;
  decodeIpPayload(packet, bytes, payloadStart, end, protocol);
}
