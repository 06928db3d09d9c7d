import type { LayerDecoder } from "../layer-decoder.js";

/** The first kind available to plugins; numbers below are those of `TunnelKind`. */
export const FIRST_PLUGIN_KIND = 1000;

/**
 * Where a tunnel is found and how it is decoded; at least one list of numbers is required. A payload that is not this tunnel stays the payload
 * of the outer packet. Inner and outer addresses may overlap: tunnels of different kinds or identifiers are different networks.
 */
export interface Tunnel {
  /** Kinds that `decode` enters tunnels with: values of `TunnelKind`, or a plugin's own from {@link FIRST_PLUGIN_KIND} to 65535. */
  readonly kinds: readonly number[];
  /** Destination ports of its datagrams. */
  readonly udpPorts?: readonly number[];
  /** Whether the source port is matched too, for datagrams to a client on any port. */
  readonly hasClients?: boolean;
  /** Protocols of IPv4, and next headers of IPv6. */
  readonly ipProtocols?: readonly number[];
  /** Ethernet types, also as used in PPP, SNAP and other tunnels. */
  readonly etherTypes?: readonly number[];
  /** Enters the tunnel with `enterTunnel`, or returns `Layer.End`. */
  readonly decode: LayerDecoder;
}
