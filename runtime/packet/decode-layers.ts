import { Layer } from "./layer.js";
import { BUILT_IN_LAYERS, type LayerTable } from "./layer-table.js";
import { decodeEthernet } from "./link/ethernet.js";
import { LinkType } from "./link-type.js";
import { NO_CONVERSATION, type Packet } from "./packet.js";
import { resetNetwork } from "./reset-network.js";
import { walkLayers } from "./walk-layers.js";

const FIRST_LINK_TYPE = Layer.FirstLinkType;
const ETHERNET = LinkType.Ethernet;

/**
 * Sets what the link, network and transport layers state about `packet`, whose frame bounds, original length, time, numbers and
 * stripped tag must be set. Tunnels are followed to the innermost packet. A truncated or invalid layer ends the walk; the layers found
 * before it are kept. Returns false for an unknown link type: then `start` and `end` are the whole frame. Tunnels and link types are the
 * built-in ones, unless `layers` has others.
 */
export function decodeLayers(packet: Packet, linkType: number, layers: LayerTable = BUILT_IN_LAYERS): boolean {
  resetLayers(packet);
  const { bytes } = packet;
  if (linkType === ETHERNET) {
    walkLayers(packet, bytes, decodeEthernet(packet, bytes, packet.frameStart, packet.frameEnd), layers);
    return true;
  }
  const decoder = layers.decoderOf[FIRST_LINK_TYPE + linkType];
  if (decoder === undefined || decoder === 0) return false;
  walkLayers(packet, bytes, layers.decoders[decoder]!(packet, bytes, packet.frameStart, packet.frameEnd), layers);
  return true;
}

function resetLayers(packet: Packet): void {
  resetNetwork(packet, packet.frameStart, packet.frameEnd);
  packet.vlanId = packet.strippedVlanTag & 0xfff;
  packet.innerVlanId = 0;
  packet.vlanTags = packet.strippedVlanTag === 0 ? 0 : 1;
  const capturedBytes = packet.frameEnd - packet.frameStart;
  packet.payloadLengthBytes = Math.max(capturedBytes, packet.originalLengthBytes);
  packet.tcpFlags = 0;
  packet.tcpSequence = 0;
  packet.tcpAcknowledgement = 0;
  packet.tcpWindow = 0;
  packet.isLinkGroup = false;
  packet.isDuplicate = false;
  packet.isFragment = false;
  packet.fragmentOffset = 0;
  packet.hasMoreFragments = false;
  packet.isTruncated = capturedBytes < packet.originalLengthBytes;
  packet.tunnels.clear();
  packet.conversation = NO_CONVERSATION;
  packet.application = 0;
}
