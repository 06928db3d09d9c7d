/** A difference from tshark that is right, or meant. */
export interface ReviewedDifference {
  /** A few words with hyphens. */
  readonly name: string;
  /** A difference reported by `compareLayers`. */
  readonly difference: RegExp;
  /** tshark's chain of protocols for the frame. */
  readonly protocols: RegExp;
  readonly reason: string;
}

/** Every difference from tshark 4.0 that was looked at and stays. */
export const reviewedDifferences: readonly ReviewedDifference[] = [
  {
    name: "invalid-vxlan",
    difference: /^tunnels none, tshark vxlan$/,
    protocols: /:udp:vxlan:eth/,
    reason:
      "without the flag that makes its identifier valid, or with reserved bits before what is not a plausible frame, a datagram is not VXLAN (RFC 7348, section 5)",
  },
  {
    name: "overlong-gtp",
    difference: /^tunnels none, tshark gtp$/,
    protocols: /:udp:gtp:ip/,
    reason: "a GTP-U message that is longer than its datagram is not believed",
  },
  {
    name: "ninth-tunnel",
    difference: /^tunnels (ip,){7}ip, tshark (ip,){8}ip$/,
    protocols: /ip:ip:ip:ip:ip:ip:ip:ip:ip:ip/,
    reason: "eight tunnels are followed, and a ninth is noted",
  },
  {
    name: "unknown-tags",
    difference: /^(inner VLAN \d+|VLAN \d+|IP version 4), tshark 0$/,
    protocols: /^eth:ethertype:(data|ieee8021ad:ethertype:ip:)/,
    reason: "tshark knows no tags 0x9200 and 0x9300, and shows one of two 802.1ad tags in one header",
  },
  {
    name: "l2tp-version-3",
    difference: /^tunnels l2tp, tshark none$/,
    protocols: /:l2tp:data$/,
    reason: "tshark needs a setting for what a session of L2TP version 3 carries; ours recognizes it by its lengths",
  },
  {
    name: "generic-udp",
    difference: /^tunnels kind 15, tshark none$/,
    protocols: /:udp:data$/,
    reason: "tshark 4.0 does not know generic UDP encapsulation",
  },
  {
    name: "wlan-aggregate",
    difference: /^tunnels none, tshark gre$/,
    protocols: /:gre:wlan:llc:.*:llc:/,
    reason: "an aggregate of IEEE 802.11 holds several packets, of which none is the frame's",
  },
  {
    name: "offloaded-tunnel",
    difference: /^tunnels (geneve|vxlan), tshark none$/,
    protocols: /^eth:ethertype:ipv6:udp$/,
    reason:
      "UDP with length 0 in an IPv6 packet as long as segmentation offload makes it, which tshark calls malformed",
  },
  {
    name: "ipv4-as-ipv6",
    difference: /^IP version 4, tshark 0$/,
    protocols: /^$/,
    reason: "an IPv4 packet under the link type of IPv6 is decoded as what it is",
  },
  {
    name: "malformed-destination-option",
    difference: /^transport udp, tshark undefined$/,
    protocols: /:ipv6\.dstopts$/,
    reason:
      "a destination option that is malformed in itself does not end the chain of headers, whose lengths are sound",
  },
  {
    name: "sum-of-cut-packet",
    difference: /^(tcp|icmp|icmpv6) checksum 2, tshark [01]$/,
    protocols: /:ip(v6)?:/,
    reason: "a packet that its header calls longer than the frame is not there whole; tshark sums what there is",
  },
  {
    name: "short-home-address",
    difference: /^udp checksum 0, tshark 1$/,
    protocols: /^eth:ethertype:ipv6:ipv6\.dstopts:udp/,
    reason: "a home address option of one byte is none; tshark takes the sixteen bytes there for the pseudo header",
  },
  {
    name: "source-route",
    difference: /^destination c0000202, tshark 192\.0\.2\.4$/,
    protocols: /^eth:ethertype:ip:udp/,
    reason: "tshark shows the end of an IPv4 source route in place of the header's destination, which is the next hop",
  },
  {
    name: "large-fraction",
    difference: /^time /,
    protocols: /^atm:data$/,
    reason: "a fraction of 1159 seconds in microseconds is carried; tshark cuts it to 32 bits of nanoseconds",
  },
];

/** The entry for a difference, where there is one. */
export function findReviewed(difference: string, protocols: string): ReviewedDifference | undefined {
  return reviewedDifferences.find((entry) => entry.difference.test(difference) && entry.protocols.test(protocols));
}
