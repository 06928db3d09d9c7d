import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import type { ObservationRecord } from "../../../generated/wireloom/v1/observation-record.js";
import { writeCommunityId } from "../../packet/community-id.js";
import type { Packet } from "../../packet/packet.js";
import { TUNNEL_ADDRESS_BYTES, type TunnelStack } from "../../packet/tunnel-stack.js";
import type { CaptureContext } from "../capture-context.js";
import type { Tags } from "../conversation/direction-tags.js";
import type { ProxiedClient } from "../conversation/proxied-client.js";
import { hasPorts } from "./has-ports.js";

const encoder = new TextEncoder();
/** Names of the kinds of tunnels, by number. */
const tunnelNames = new Map(
  Object.entries(TunnelKind).map(([name, kind]): [number, string] => [kind, name.toLowerCase()]),
);

/** Fills an observation from a packet; with `isReversed` its receiver is the source, and its sender the destination. */
export function observePacket(
  observation: ObservationRecord,
  packet: Readonly<Packet>,
  { identity, interfaceNames }: Pick<CaptureContext, "identity" | "interfaceNames">,
  isReversed: boolean,
): void {
  const { bytes, addressLength } = packet;
  identity.write(packet.time, observation.id);
  observation.time.copy(packet.time);
  const name = interfaceNames[packet.interfaceNameIndex];
  if (name !== undefined) observation.interface.set(name, 0, name.length);
  if (addressLength > 0) {
    const src = isReversed ? packet.dstAddressStart : packet.srcAddressStart;
    const dst = isReversed ? packet.srcAddressStart : packet.dstAddressStart;
    observation.srcAddress.set(bytes, src, src + addressLength);
    observation.dstAddress.set(bytes, dst, dst + addressLength);
    writeCommunityId(packet, observation.communityId);
  }
  const hasReversedPorts = isReversed && hasPorts(packet);
  observation.srcPort = hasReversedPorts ? packet.dstPort : packet.srcPort;
  observation.dstPort = hasReversedPorts ? packet.srcPort : packet.dstPort;
  observation.transport = packet.ipProtocol;
  observation.frameNumber = packet.frameNumber;
  observation.samplingRate = 1;
  observation.truncated = packet.isTruncated;
  observeTags(observation, packet);
}

/** Sets where the packets from source to destination were seen. */
export function observeTags(observation: ObservationRecord, { vlanId, innerVlanId, tunnels }: Tags): void {
  observation.vlanId = vlanId;
  observation.innerVlanId = innerVlanId;
  if (observation.tunnelKinds.length > 0) {
    observation.tunnelKinds.reset();
    observation.tunnelIds.reset();
    observation.tunnelSrcAddresses.reset();
    observation.tunnelDstAddresses.reset();
  }
  if (tunnels.depth > 0) observeTunnels(tunnels, observation);
}

/** Sets where the packets from destination to source were seen, if that differs. */
export function observeReverseTags(observation: ObservationRecord, { vlanId, innerVlanId, tunnels }: Tags): void {
  const { reverseTags } = observation;
  reverseTags.reset();
  const push = (text: string) => {
    const bytes = encoder.encode(text);
    reverseTags.push(bytes, 0, bytes.length);
  };
  if (vlanId > 0) push(`vlan:${vlanId}`);
  if (innerVlanId > 0) push(`inner_vlan:${innerVlanId}`);
  for (let i = 0; i < tunnels.depth; i++) push(`${tunnelName(tunnels.kinds[i]!)}:${tunnels.ids[i]!}`);
  if (reverseTags.length === 0) push("untagged");
}

/** A plugin's own kind is written as its number. */
function tunnelName(kind: number): string {
  return tunnelNames.get(kind) ?? String(kind);
}

/** Sets the client that the PROXY header names. */
export function observeProxiedClient(observation: ObservationRecord, { address, port }: ProxiedClient): void {
  observation.proxiedAddress.set(address, 0, address.length);
  observation.proxiedPort = port;
}

function observeTunnels(tunnels: TunnelStack, observation: ObservationRecord): void {
  for (let i = 0; i < tunnels.depth; i++) {
    observation.tunnelKinds.push(tunnels.kinds[i]!);
    observation.tunnelIds.push(tunnels.ids[i]!);
    const length = tunnels.addressLengths[i]!;
    const src = i * TUNNEL_ADDRESS_BYTES;
    const dst = src + TUNNEL_ADDRESS_BYTES / 2;
    // A tunnel without addresses has four zero bytes there, the unspecified address.
    observation.tunnelSrcAddresses.push(tunnels.addresses, src, src + (length || 4));
    observation.tunnelDstAddresses.push(tunnels.addresses, dst, dst + (length || 4));
  }
}
