import { DOUBLE } from "../record/double.js";
import { Timestamp } from "../record/timestamp.js";
import { TunnelStack } from "./tunnel-stack.js";

const NO_BYTES = new Uint8Array(0);

/** {@link Packet.conversation} of a packet without one. */
export const NO_CONVERSATION = -1;

/**
 * One captured packet and the results of its layers. Objects are reused: a pipeline has one for each packet that it decodes ahead.
 *
 * ```
 * bytes   ┌──────────┬─────────┬───────────┬─────────────┬──────────┐
 *         │ link     │ network │ transport │ payload     │ padding  │
 *         └──────────┴─────────┴───────────┴─────────────┴──────────┘
 *   frameStart   networkStart  transportStart  start     end    frameEnd
 * ```
 *
 * Offsets are positions in {@link bytes}, which holds many packets and must not be kept.
 */
export class Packet {
  bytes: Uint8Array = NO_BYTES;
  /**
   * First byte and end of the payload for the decoder: that of the innermost of link, IP, UDP and TCP. ICMP and SCTP set only the ports,
   * so a decoder bound to an IP protocol finds its header here.
   */
  start = 0;
  end = 0;
  frameStart = 0;
  /** End of the captured bytes. */
  frameEnd = 0;
  /** Length of the packet on the wire, in bytes. */
  originalLengthBytes = DOUBLE;
  readonly time = new Timestamp();
  /** When the packet arrived, in nanoseconds by the capture's clock, which is monotonic. */
  arrival = DOUBLE;
  /** {@link arrival}, limited to confirmed time: a clock jump that no other packet has confirmed is excluded. Timeouts of others use it. */
  certainArrival = DOUBLE;
  /** Number in the source, from 1. */
  frameNumber = DOUBLE;
  /** Index into the source's interfaces. */
  interfaceIndex = 0;
  /** Index of the interface's name among those of all sources of the capture. */
  interfaceNameIndex = 0;
  /** Ethernet type after all tags, 0 if the link layer does not have one. */
  etherType = 0;
  /**
   * A VLAN tag that the kernel removed from the frame, as TPID in the upper and TCI in the lower 16 bits, 0 for none. Set before the
   * layers are decoded, which treat it as the outermost tag.
   */
  strippedVlanTag = DOUBLE;
  /** VLAN ids of the outermost and the second tag of the outermost frame with tags: in a tunnel, those outside it take precedence. */
  vlanId = 0;
  innerVlanId = 0;
  /** Number of tags of that frame. */
  vlanTags = 0;
  /** 4, 6, or 0 for a packet without IP. */
  ipVersion = 0;
  /** IP protocol number of {@link transportStart}, after extension headers. */
  ipProtocol = 0;
  /** First byte after the link layer. */
  networkStart = 0;
  /** End of the IP packet as its length field states, at most {@link frameEnd}; without IP, the end of the link layer's payload. */
  networkEnd = 0;
  /** 4, 16, or 0 for a packet without IP. */
  addressLength = 0;
  srcAddressStart = 0;
  dstAddressStart = 0;
  /** First byte after the IP headers; in a fragment other than the first one, this is not a transport header. 0 without IP. */
  transportStart = 0;
  /** Ports of UDP, TCP and SCTP; type and code of ICMP and ICMPv6. */
  srcPort = 0;
  dstPort = 0;
  /** Payload length as the innermost header states, in bytes; greater than `end - start` if the packet was truncated or is a fragment. */
  payloadLengthBytes = 0;
  tcpFlags = 0;
  tcpSequence = DOUBLE;
  tcpAcknowledgement = DOUBLE;
  tcpWindow = 0;
  /** A fragment and not a whole packet; only the first one (offset 0) has a transport header. */
  isFragment = false;
  /** Offset of a fragment's bytes in the whole IP payload, in bytes. */
  fragmentOffset = 0;
  fragmentIdentification = DOUBLE;
  hasMoreFragments = false;
  /** First byte of the fragmented part, after the IPv4 header or the IPv6 fragment header, and its IP protocol. */
  fragmentStart = 0;
  fragmentProtocol = 0;
  /** The frame's link header has a multicast or broadcast destination. */
  isLinkGroup = false;
  /** The same packet was captured shortly before. */
  isDuplicate = false;
  /** Fewer bytes were captured than were on the wire. */
  isTruncated = false;
  /** Tunnels around the innermost packet; all fields above, except VLAN ids, are those of the innermost packet. */
  tunnels = new TunnelStack();
  /** Slot of the packet's conversation; {@link NO_CONVERSATION} if it does not have one, or has not been assigned one. */
  conversation = NO_CONVERSATION;
  /**
   * Index of its key among those that `ConversationKeys` wrote ahead; -1 for a packet whose addresses, ports or tags may still change, and
   * outside the pipeline.
   */
  keyIndex = -1;
  /** The sender is the lower endpoint of the conversation; distinguishes its two directions. */
  isFromLower = false;
  /** Index in the registry, plus one, of the plugin that accepted this packet; 0 if none has. */
  application = 0;

  constructor() {
    this.arrival = 0;
    this.certainArrival = 0;
    this.frameNumber = 0;
    this.strippedVlanTag = 0;
    this.fragmentIdentification = 0;
    this.tcpSequence = 0;
    this.tcpAcknowledgement = 0;
    this.originalLengthBytes = 0;
  }

  /** There are more nested tunnels than are decoded; the fields are those of the packet that carries the next one. */
  get isTunnelLimitReached(): boolean {
    return this.tunnels.isLimitReached;
  }
}

/** The view of a packet that a datagram decoder receives: `bytes[start, end)` is the UDP payload. */
export type Datagram = Readonly<Packet>;
