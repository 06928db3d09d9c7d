import { WireloomError } from "../wireloom-error.js";
import { IpProtocol } from "./ip-protocol.js";
import { Layer } from "./layer.js";
import { LayerClaims } from "./layer-claims.js";
import type { LayerDecoder } from "./layer-decoder.js";
import { HEADERS, PROTOCOLS } from "./layers.js";
import type { LinkTypeDecoder } from "./link/link-type-decoder.js";
import { LINK_TYPES } from "./link/link-types.js";
import type { Tunnel } from "./tunnel/tunnel.js";
import { TUNNELS } from "./tunnel/tunnels.js";

/** Tunnels and link types with one owner. */
export interface LayerSource {
  /** The owner's name in errors, such as `plugin foo`. */
  readonly owner: string;
  readonly tunnels: readonly Tunnel[];
  readonly linkTypes: readonly LinkTypeDecoder[];
}

const BUILT_IN: LayerSource = { owner: "the runtime", tunnels: TUNNELS, linkTypes: LINK_TYPES };
/** Number of layer numbers: those of `Layer`, followed by the link types. */
export const LAYER_NUMBERS = Layer.FirstLinkType + 0x10000;
/** Maximum number of decoders, which an index of one byte distinguishes. */
const MAX_DECODERS = 256;

/**
 * Decoders by the number of their layer, built from the tables of layers, tunnels and link types, and from the additions of plugins.
 * Each pipeline has its own; it is immutable.
 *
 * ```
 *   decoderOf[layer]  udpTunnels[destination port]  udpServers[source port]
 *          │                       │                         │
 *          └───────────────────────┴─────────────────────────┴──▶ decoders[index]; 0 is one that finds nothing
 * ```
 */
export class LayerTable {
  readonly decoders: readonly LayerDecoder[];
  readonly decoderOf = new Uint8Array(LAYER_NUMBERS);
  /** Tunnels in UDP, by port. */
  readonly udpTunnels = new Uint8Array(0x10000);
  /** Those of them that also match the source port, by port. */
  readonly udpServers = new Uint8Array(0x10000);
  /** All tunnels, those of plugins included. */
  readonly tunnels: readonly Tunnel[];

  /** Throws `usage` for a number that is invalid, or that two decoders claim. */
  constructor(sources: readonly LayerSource[] = []) {
    const decoders: LayerDecoder[] = [() => Layer.End];
    const claims = new LayerClaims();
    // The walk decodes it without this table.
    claims.claimLayer(IpProtocol.Udp, BUILT_IN.owner);
    for (const { layers, decode } of [...HEADERS, ...PROTOCOLS]) {
      const index = decoders.push(decode) - 1;
      for (const layer of layers) {
        claims.claimLayer(layer, BUILT_IN.owner);
        this.decoderOf[layer] = index;
      }
    }
    for (const { owner, tunnels, linkTypes } of [BUILT_IN, ...sources]) {
      for (const tunnel of tunnels) {
        claims.claimTunnel(tunnel, owner);
        this.#addTunnel(tunnel, decoders.push(tunnel.decode) - 1);
      }
      for (const { linkTypes: numbers, decode } of linkTypes) {
        const index = decoders.push(decode) - 1;
        for (const linkType of numbers) {
          claims.claimLinkType(linkType, owner);
          this.decoderOf[Layer.FirstLinkType + linkType] = index;
        }
      }
    }
    if (decoders.length > MAX_DECODERS) {
      const count = decoders.length - MAX_DECODERS;
      throw new WireloomError("usage", `plugins have ${count} tunnels and link types too many; remove some plugins`);
    }
    this.decoders = decoders;
    this.tunnels = [BUILT_IN, ...sources].flatMap(({ tunnels }) => tunnels);
  }

  #addTunnel({ udpPorts = [], ipProtocols = [], etherTypes = [], hasClients = false }: Tunnel, index: number): void {
    for (const layer of [...ipProtocols, ...etherTypes]) this.decoderOf[layer] = index;
    for (const port of udpPorts) {
      this.udpTunnels[port] = index;
      if (hasClients) this.udpServers[port] = index;
    }
  }
}

/** The layers that are decoded without plugins. */
export const BUILT_IN_LAYERS = new LayerTable();
