import type { LayerDecoder } from "../layer-decoder.js";

/** The first of the kinds that plugins may number themselves; numbers below are those of `TunnelKind`. */
export const FIRST_PLUGIN_KIND = 1000;

/**
 * Where a tunnel is found and how it is decoded; at least one number says where. A payload there that is not this tunnel stays the outer
 * packet's. Addresses inside may repeat those outside: tunnels of different kinds or identifiers are different networks.
 */
export interface Tunnel {
  /** Kinds that `decode` enters tunnels with: values of `TunnelKind`, or a plugin's own from {@link FIRST_PLUGIN_KIND} to 65535. */
  readonly kinds: readonly number[];
  /** Destination ports of its datagrams. */
  readonly udpPorts?: readonly number[];
  /** Datagrams from these ports are tunnelled too, whatever port they go to: that of a client, which may be any. */
  readonly hasClients?: boolean;
  /** Protocols of IPv4, and next headers of IPv6. */
  readonly ipProtocols?: readonly number[];
  /** Ethernet types, which PPP, SNAP and other tunnels have too. */
  readonly etherTypes?: readonly number[];
  /** Enters the tunnel with `enterTunnel`, or returns `Layer.End`. */
  readonly decode: LayerDecoder;
}
