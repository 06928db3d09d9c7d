/** UDP in IPv4 for tests: 10.0.0.1 port 49152 to 10.0.0.2 port 53, payload 616263. */
export const UDP_IN_IPV4 = "4500001f 00010000 40110000 0a000001 0a000002 c0000035 000b0000 616263";

/** UDP in IPv6 for tests: 2001:db8::1 port 49153 to 2001:db8::2 port 54, payload 616263. */
export const UDP_IN_IPV6 =
  "60000000 000b1140 20010db8000000000000000000000001 20010db8000000000000000000000002 c0010036 000b0000 616263";

/** An Ethernet frame with {@link UDP_IN_IPV4}, padded. */
export const FRAME_WITH_IPV4 = `020000000012 020000000011 0800 ${UDP_IN_IPV4} ${"00".repeat(15)}`;

/** An Ethernet frame with {@link UDP_IN_IPV6}. */
export const FRAME_WITH_IPV6 = `020000000012 020000000011 86dd ${UDP_IN_IPV6}`;

/** Hex digits of an IPv4 packet from 192.0.2.1 to 192.0.2.2, with a valid total length. */
export function ipv4Hex(protocol: number, payload: string, fragment = "0000"): string {
  return `4500 ${hex(20 + byteLength(payload), 4)} 0001 ${fragment} 40 ${hex(protocol, 2)} 0000 c0000201 c0000202 ${payload}`;
}

/** Hex digits of an IPv6 packet from 2001:db8:1::1 to 2001:db8:1::2, with a valid payload length. */
export function ipv6Hex(protocol: number, payload: string): string {
  const addresses = "20010db8000100000000000000000001 20010db8000100000000000000000002";
  return `60000000 ${hex(byteLength(payload), 4)} ${hex(protocol, 2)} 40 ${addresses} ${payload}`;
}

/** Hex digits of a UDP datagram in IPv4, with valid lengths. */
export function datagramHex(dstPort: number, payload: string, srcPort = 49200): string {
  return ipv4Hex(17, `${hex(srcPort, 4)} ${hex(dstPort, 4)} ${hex(8 + byteLength(payload), 4)} 0000 ${payload}`);
}

/** Bytes of hex digits; spaces are ignored. */
export function byteLength(digits: string): number {
  return digits.replaceAll(/\s/g, "").length / 2;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
