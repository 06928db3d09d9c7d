import { decodeBsdLoopback } from "./bsd-loopback.js";
import { decodeEthernet } from "./ethernet.js";
import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6 } from "./ipv6.js";
import { LinkType } from "./link-type.js";
import { decodeLinuxCooked, decodeLinuxCookedV2 } from "./linux-cooked.js";
import { NO_CONVERSATION, type Packet } from "./packet.js";
import { decodeRawIp } from "./raw-ip.js";

/**
 * Fills what the link, network and transport layers tell about `packet`, whose frame bounds, original length, time, numbers and
 * stripped tag are set already. A layer that is cut or lies ends the walk; what was found before it stays.
 * False for a link type that is not known: then `start` and `end` are the whole frame.
 */
export function decodeLayers(packet: Packet, linkType: number): boolean {
  resetLayers(packet);
  const bytes = packet.bytes;
  const start = packet.frameStart;
  const end = packet.frameEnd;
  switch (linkType) {
    case LinkType.Ethernet:
      decodeEthernet(packet, bytes, start, end);
      return true;
    case LinkType.Raw:
    case LinkType.RawBsd:
    case LinkType.RawOpenBsd:
      decodeRawIp(packet, bytes, start, end);
      return true;
    case LinkType.LinuxSll:
      decodeLinuxCooked(packet, bytes, start, end);
      return true;
    case LinkType.LinuxSll2:
      decodeLinuxCookedV2(packet, bytes, start, end);
      return true;
    case LinkType.Null:
    case LinkType.Loop:
      decodeBsdLoopback(packet, bytes, start, end);
      return true;
    case LinkType.Ipv4:
      decodeIpv4(packet, bytes, start, end);
      return true;
    case LinkType.Ipv6:
      decodeIpv6(packet, bytes, start, end);
      return true;
    default:
      return false;
  }
}

function resetLayers(packet: Packet): void {
  packet.start = packet.frameStart;
  packet.end = packet.frameEnd;
  packet.etherType = 0;
  packet.vlanId = 0;
  packet.innerVlanId = 0;
  packet.ipVersion = 0;
  packet.ipProtocol = 0;
  packet.networkStart = packet.frameStart;
  packet.networkEnd = packet.frameEnd;
  packet.addressLength = 0;
  packet.srcAddressStart = 0;
  packet.dstAddressStart = 0;
  packet.transportStart = 0;
  packet.srcPort = 0;
  packet.dstPort = 0;
  packet.payloadLengthBytes = packet.originalLengthBytes;
  packet.tcpFlags = 0;
  packet.tcpSequence = 0;
  packet.tcpAcknowledgement = 0;
  packet.tcpWindow = 0;
  packet.isFragment = false;
  packet.fragmentOffset = 0;
  packet.fragmentIdentification = 0;
  packet.hasMoreFragments = false;
  packet.isTruncated = packet.frameEnd - packet.frameStart < packet.originalLengthBytes;
  packet.tunnels.depth = 0;
  packet.conversation = NO_CONVERSATION;
  packet.application = 0;
}
