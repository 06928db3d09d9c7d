import { DOUBLE } from "../record/double.js";
import { Timestamp } from "../record/timestamp.js";
import { TunnelStack } from "./tunnel-stack.js";

const NO_BYTES = new Uint8Array(0);

/** {@link Packet.conversation} of a packet without one. */
export const NO_CONVERSATION = -1;

/**
 * One captured packet and what the layers found in it. Objects are reused: a pipeline has one for each packet that it decodes ahead.
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
   * First byte and end of what belongs to the decoder: the payload of the innermost of link, IP, UDP and TCP. ICMP and SCTP lend
   * ports only, so that a decoder bound to an IP protocol finds its header here.
   */
  start = 0;
  end = 0;
  frameStart = 0;
  /** End of the captured bytes. */
  frameEnd = 0;
  /** Length of the packet on the wire, in bytes. */
  originalLengthBytes = DOUBLE;
  readonly time = new Timestamp();
  /** When the packet arrived, in nanoseconds by the capture's clock, which only goes forward. */
  arrival = DOUBLE;
  /** {@link arrival}, limited to the time that is certain: a clock jump that no other packet has confirmed does not count. Timeouts of others use it. */
  certainArrival = DOUBLE;
  /** Number in the source, from 1. */
  frameNumber = DOUBLE;
  /** Index into the source's interfaces. */
  interfaceIndex = 0;
  /** Index of the interface's name among those of all sources of the capture. */
  interfaceNameIndex = 0;
  /** Ethernet type after all tags, 0 where the link layer has none. */
  etherType = 0;
  /**
   * A VLAN tag that the kernel took out of the frame, as TPID in the upper and TCI in the lower 16 bits, 0 for none. Set before the
   * layers are decoded, which count it as the outermost tag.
   */
  strippedVlanTag = DOUBLE;
  /** VLAN ids of the outermost tag and of the next one, of the outermost frame that has tags: a tunnel's, rather than those inside it. */
  vlanId = 0;
  innerVlanId = 0;
  /** How many tags that frame has. */
  vlanTags = 0;
  /** 4, 6, or 0 for a packet without IP. */
  ipVersion = 0;
  /** IP protocol number of {@link transportStart}, after extension headers. */
  ipProtocol = 0;
  /** First byte after the link layer. */
  networkStart = 0;
  /** End of the IP packet as its length field states, at most {@link frameEnd}; the end of the link layer's payload without IP. */
  networkEnd = 0;
  /** 4, 16, or 0 for a packet without IP. */
  addressLength = 0;
  srcAddressStart = 0;
  dstAddressStart = 0;
  /** First byte after the IP headers; in a fragment other than the first one that is not a transport header. 0 without IP. */
  transportStart = 0;
  /** Ports of UDP, TCP and SCTP; type and code of ICMP and ICMPv6. */
  srcPort = 0;
  dstPort = 0;
  /** Payload length as the innermost header states, in bytes; more than `end - start` when the packet was cut or is a fragment. */
  payloadLengthBytes = 0;
  tcpFlags = 0;
  tcpSequence = DOUBLE;
  tcpAcknowledgement = DOUBLE;
  tcpWindow = 0;
  /** A fragment other than a whole packet; only the first one (offset 0) has a transport header. */
  isFragment = false;
  /** Where a fragment's bytes belong in the whole IP payload, in bytes. */
  fragmentOffset = 0;
  fragmentIdentification = DOUBLE;
  hasMoreFragments = false;
  /** First byte of what was cut into fragments, after the IPv4 header or the IPv6 fragment header, and its IP protocol. */
  fragmentStart = 0;
  fragmentProtocol = 0;
  /** The frame was sent to a group, or to all, as its link header states. */
  isLinkGroup = false;
  /** The same packet was captured a moment ago. */
  isDuplicate = false;
  /** Fewer bytes were captured than were on the wire. */
  isTruncated = false;
  /** Tunnels that the innermost packet came in; all fields above, but for VLAN ids, are of that innermost packet. */
  tunnels = new TunnelStack();
  /** Slot of the packet's conversation; {@link NO_CONVERSATION} where it has none, or none is looked for. */
  conversation = NO_CONVERSATION;
  /**
   * Where its key is among those that `ConversationKeys` wrote ahead; -1 for a packet whose addresses, ports or tags may still change, and
   * outside the pipeline.
   */
  keyIndex = -1;
  /** The sender is the lower endpoint of the conversation; distinguishes its two directions. */
  isFromLower = false;
  /** Index in the registry, plus one, of the plugin that accepted this packet; 0 while none has. */
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

  /** There are more tunnels than are followed; the fields are those of the packet that the next one starts from. */
  get isTunnelLimitReached(): boolean {
    return this.tunnels.isLimitReached;
  }
}

/** The view of a packet that a datagram decoder gets: `bytes[start, end)` is the UDP payload. */
export type Datagram = Readonly<Packet>;
