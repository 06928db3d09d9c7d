import { TunnelKind } from "../../generated/wireloom/v1/observation_enums.js";
import { WireloomError } from "../wireloom-error.js";
import { isEtherType } from "./ether-type.js";
import { FIRST_PLUGIN_KIND, type Tunnel } from "./tunnel/tunnel.js";

const KNOWN_KINDS: readonly number[] = Object.values(TunnelKind).filter((kind) => kind !== TunnelKind.UNSPECIFIED);
const MAX_UINT16 = 0xffff;
const MAX_LINK_TYPE = MAX_UINT16;

/** The decoder of each number, while a `LayerTable` is built. Every method throws `usage` for a number that is invalid or already claimed. */
export class LayerClaims {
  readonly #owners = new Map<string, string>();

  /** A layer of the runtime itself, by its number. */
  claimLayer(layer: number, owner: string): void {
    if (layer < 256) this.#claim(`IP protocol ${layer}`, owner);
    else if (layer <= MAX_UINT16) this.#claim(`Ethernet type 0x${layer.toString(16).padStart(4, "0")}`, owner);
  }

  /** Claims all numbers of a tunnel. */
  claimTunnel({ kinds, udpPorts = [], ipProtocols = [], etherTypes = [] }: Tunnel, owner: string): void {
    if (udpPorts.length + ipProtocols.length + etherTypes.length === 0) {
      throw new WireloomError("usage", `a tunnel of ${owner} has no udpPorts, ipProtocols or etherTypes; give it one`);
    }
    for (const port of udpPorts) {
      check(isUint(port, MAX_UINT16) && port > 0, port, "a UDP port", owner);
      this.#claim(`UDP port ${port}`, owner);
    }
    for (const protocol of ipProtocols) check(isUint(protocol, 0xff), protocol, "an IP protocol", owner);
    for (const type of etherTypes)
      check(isUint(type, MAX_UINT16) && isEtherType(type), type, "an Ethernet type", owner);
    for (const layer of [...ipProtocols, ...etherTypes]) this.claimLayer(layer, owner);
    for (const kind of kinds) {
      const isOwn = isUint(kind, MAX_UINT16) && kind >= FIRST_PLUGIN_KIND;
      check(isOwn || KNOWN_KINDS.includes(kind), kind, `a TunnelKind, nor a number from ${FIRST_PLUGIN_KIND}`, owner);
      if (isOwn) this.#claim(`tunnel kind ${kind}`, owner, true);
    }
  }

  /** Claims a link type of captures. */
  claimLinkType(linkType: number, owner: string): void {
    check(isUint(linkType, MAX_LINK_TYPE), linkType, "a link type", owner);
    this.#claim(`link type ${linkType}`, owner);
  }

  #claim(name: string, owner: string, isShared = false): void {
    const other = this.#owners.get(name);
    this.#owners.set(name, owner);
    if (other === undefined || (isShared && other === owner)) return;
    const twice = other === owner ? `${owner} has ${name} twice` : `${owner} has ${name}, and so has ${other}`;
    throw new WireloomError("usage", `${twice}; give one of them another number, or remove it`);
  }
}

function isUint(value: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maximum;
}

function check(isValid: boolean, value: number, what: string, owner: string): void {
  if (!isValid) throw new WireloomError("usage", `${owner} has the number ${value}, which is not ${what}`);
}
