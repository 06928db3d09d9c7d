import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { decodeAyiya } from "./ayiya.js";
import { decodeEtherIp, decodeEthernetInIp } from "./etherip.js";
import { decodeGeneve } from "./geneve.js";
import { decodeGre } from "./gre.js";
import { decodeGtpU } from "./gtp-u.js";
import { decodeGue } from "./gue.js";
import { decodeIpInIp } from "./ip-in-ip.js";
import { decodeL2tp, decodeL2tpInIp } from "./l2tp.js";
import { decodeLisp } from "./lisp.js";
import { decodeMpls, decodeMplsInUdp } from "./mpls.js";
import { decodePbb } from "./pbb.js";
import { decodePppoeSession } from "./pppoe.js";
import { decodeTeredo } from "./teredo.js";
import type { Tunnel } from "./tunnel.js";
import { decodeVxlan, decodeVxlanGpe } from "./vxlan.js";

/**
 * Every tunnel that is decoded without a plugin, one row for each decoder. Numbers are assigned by IANA, except port 8472, which VXLAN uses
 * in Linux since before the assignment, and OTV. Codegen reads the numbers from this source text, so they must be literals.
 */
export const TUNNELS: readonly Tunnel[] = [
  { kinds: [TunnelKind.IP], ipProtocols: [4, 41], decode: decodeIpInIp },
  {
    kinds: [TunnelKind.GRE, TunnelKind.NVGRE, TunnelKind.ERSPAN],
    ipProtocols: [47],
    udpPorts: [4754],
    decode: decodeGre,
  },
  { kinds: [TunnelKind.VXLAN], udpPorts: [4789, 8472], decode: decodeVxlan },
  { kinds: [TunnelKind.VXLAN], udpPorts: [4790], decode: decodeVxlanGpe },
  { kinds: [TunnelKind.GENEVE], udpPorts: [6081], decode: decodeGeneve },
  { kinds: [TunnelKind.GTPU], udpPorts: [2152], hasClients: true, decode: decodeGtpU },
  { kinds: [TunnelKind.TEREDO], udpPorts: [3544], hasClients: true, decode: decodeTeredo },
  { kinds: [TunnelKind.L2TP], udpPorts: [1701], hasClients: true, decode: decodeL2tp },
  { kinds: [TunnelKind.L2TP], ipProtocols: [115], decode: decodeL2tpInIp },
  { kinds: [TunnelKind.ETHERIP], ipProtocols: [97], decode: decodeEtherIp },
  { kinds: [TunnelKind.ETHERIP], ipProtocols: [143], decode: decodeEthernetInIp },
  { kinds: [TunnelKind.MPLS], etherTypes: [0x8847, 0x8848], ipProtocols: [137], decode: decodeMpls },
  { kinds: [TunnelKind.MPLS], udpPorts: [6635], decode: decodeMplsInUdp },
  { kinds: [TunnelKind.PBB], etherTypes: [0x88e7], decode: decodePbb },
  { kinds: [TunnelKind.PPPOE], etherTypes: [0x8864], decode: decodePppoeSession },
  { kinds: [TunnelKind.LISP], udpPorts: [4341], decode: decodeLisp },
  { kinds: [TunnelKind.GUE], udpPorts: [6080], decode: decodeGue },
  { kinds: [TunnelKind.AYIYA], udpPorts: [5072], hasClients: true, decode: decodeAyiya },
];
