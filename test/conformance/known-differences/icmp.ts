import { NOTHING } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

/** Known differences of ICMP. */
export const icmpDifferences: readonly KnownDifference[] = [
  {
    resource: "icmp",
    field: "response_frame = icmp.resp_in",
    capture: "echo.pcap",
    reason:
      "The request goes to all nodes and the reply comes from one of them; Wireshark pairs messages of two hosts only.",
    explains: ({ tshark }) => tshark === NOTHING,
  },
  {
    resource: "icmp",
    field: "latency = icmp.resptime",
    capture: "echo.pcap",
    reason: "As for response_frame.",
    explains: ({ tshark }) => tshark === NOTHING,
  },
  ...["inner_src_port = udp.srcport", "inner_dst_port = udp.dstport"].map((field) => ({
    resource: "icmp",
    field,
    capture: "errors.pcap",
    reason: "The quoted packet is a first fragment, whose ports are there; Wireshark looks into whole packets only.",
    explains: ({ ours, tshark }: { ours: string; tshark: string }) =>
      ["40000", "9999"].includes(ours) && tshark === NOTHING,
  })),
  ...["inner_transport = ip.proto", "inner_hop_limit = ip.ttl", "inner_length = ip.len"].map((field) => ({
    resource: "icmp",
    field,
    capture: "rare-errors.pcap",
    reason: "The quoted header is not whole: without its addresses it tells of no conversation.",
    explains: ({ ours }: { ours: string }) => ours === NOTHING,
  })),
  {
    resource: "icmp",
    field: "community_id = communityid",
    capture: "snap-length-64.pcap",
    reason:
      "The capture cut the quoted packet. Where it does, Wireshark takes the conversation from there, or has none; ours is the error's own, as it is for whole ones.",
    explains: ({ frame }) => frame === 10 || frame === 12,
  },
];
