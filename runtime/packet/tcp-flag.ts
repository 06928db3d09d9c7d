/** Control bits of TCP (RFC 9293, section 3.1), as in `Packet.tcpFlags`. */
export const TcpFlag = {
  Fin: 1,
  Syn: 2,
  Rst: 4,
  Ack: 16,
} as const;
