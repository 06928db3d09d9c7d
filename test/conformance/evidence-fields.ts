/** Fields of tshark that only conditions of reasons read. */
export const EVIDENCE_FIELDS = [
  ...["_ws.malformed", "_ws.short"],
  ...["tcp", "udp", "tcp.stream", "udp.stream", "tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment"],
  ...["ip.fragment.overlap.conflict", "ssdp", "sflow", "pim", "openvpn"],
  ...["arp.hw.size", "arp.proto.size", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "arp.opcode"],
  ...["dns.flags.opcode", "dns.qry.name", "dns.id"],
  ...["http.request_in", "http.response.code", "http.request.version"],
  ...["icmp.ext.checksum.status", "quic.version"],
  ...["tls.handshake.extension.type", "tls.handshake.random", "dtls.handshake.random"],
];
