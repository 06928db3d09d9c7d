/** IP protocol numbers that the layers know (https://www.iana.org/assignments/protocol-numbers). */
export const IpProtocol = {
  Ipv6HopByHop: 0,
  Icmp: 1,
  Tcp: 6,
  Udp: 17,
  Ipv6Routing: 43,
  Ipv6Fragment: 44,
  AuthenticationHeader: 51,
  Icmpv6: 58,
  Ipv6Destination: 60,
  Sctp: 132,
  UdpLite: 136,
} as const;
