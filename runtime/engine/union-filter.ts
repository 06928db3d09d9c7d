import { EtherType } from "../packet/ether-type.js";
import type { LayerTable } from "../packet/layer-table.js";
import { HEADERS } from "../packet/layers.js";
import { LinkType } from "../packet/link-type.js";
import type { Plugin } from "../plugin/plugin.js";

/** Ethernet types that `vlan` of pcap-filter matches. */
const VLAN_OF_LIBPCAP: readonly number[] = [EtherType.Vlan, EtherType.ProviderVlan, EtherType.OldStackedVlan];

/** Only the first fragment has ports. The fragment header of IPv6 is among the extension headers, all of which pass. */
const LATER_FRAGMENTS = "ip[6:2] & 0x1fff != 0";

/** Linux cooked captures: values that are not an Ethernet type, and hardware types without an Ethernet type (frame relay, radiotap). */
const SLL_REST = "link[14:2] < 0x600 or link[2:2] = 770 or link[2:2] = 803";
const SLL2_REST = "link[0:2] < 0x600 or link[8:2] = 770 or link[8:2] = 803";

/**
 * The capture filter that passes the traffic of the plugins' bindings, and what may carry it: tunnels, headers that precede or follow IP,
 * VLAN tags and later fragments. In pcap-filter syntax, by the link type of the frames. It is empty, and passes everything, for link types whose
 * headers libpcap does not read as the layers do. Undefined if one of the plugins sees every packet, or if there are no plugins.
 */
export function unionFilter(
  plugins: readonly Plugin[],
  { tunnels }: Pick<LayerTable, "tunnels">,
): ((linkType: number) => string) | undefined {
  const bound = plugins.map(({ captureFilter }) => captureFilter);
  if (bound.length === 0 || bound.includes("")) return undefined;
  const headers = HEADERS.flatMap(({ layers }) => layers);
  const ipProtocols = [
    ...tunnels.flatMap((tunnel) => tunnel.ipProtocols ?? []),
    ...headers.filter((layer) => layer < 256),
  ];
  const etherTypes = [
    ...tunnels.flatMap((tunnel) => tunnel.etherTypes ?? []),
    ...headers.filter((layer) => layer >= 256 && layer <= 0xffff),
  ];
  const inIp = [
    ...bound,
    ...tunnels.flatMap(({ udpPorts = [] }) => udpPorts.map((port) => `udp port ${port}`)),
    ...ipProtocols.map((protocol) => `ip proto ${protocol} or ip6 proto ${protocol}`),
    LATER_FRAGMENTS,
  ];
  const inFrames = (types: readonly number[]) => [
    ...inIp,
    ...types.map((type) => `ether proto 0x${type.toString(16)}`),
  ];
  return (linkType) => {
    switch (linkType) {
      case LinkType.Ethernet:
        return taggedOrNot(
          [...inFrames(etherTypes.filter((type) => !VLAN_OF_LIBPCAP.includes(type))), "llc"].join(" or "),
        );
      case LinkType.Sll:
        return [...inFrames(etherTypes), SLL_REST].join(" or ");
      case LinkType.Sll2:
        return [...inFrames(etherTypes), SLL2_REST].join(" or ");
      case LinkType.Raw:
      case LinkType.RawBsd:
      case LinkType.RawOpenBsd:
      case LinkType.Ipv4:
      case LinkType.Ipv6:
        return inIp.join(" or ");
      default:
        return "";
    }
  };
}

/** Frames without a tag, with one and with two, and all frames with three. Each `vlan` shifts the following offsets by one tag. */
function taggedOrNot(filter: string): string {
  return `${filter} or (vlan and (${filter} or (vlan and (${filter} or vlan))))`;
}
