import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { EtherType } from "../ether-type.js";
import { exactIpLayer } from "../ip-header.js";
import { IpProtocol } from "../ip-protocol.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

/** Length of lengths and types, next header and time; identity and signature follow. */
const HEADER_BYTES = 8;
const FORWARD = 1;

/**
 * AYIYA, IPv6 over UDP that passes address translation (draft-massar-v6ops-ayiya-02, section 4).
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   | IDLen | IDType| SigLen|HshMeth|AuthMth| OpCode|  Next Header  |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                           Epoch Time                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                    Identity (2^IDLen bytes)                   ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                Signature (SigLen times 4 bytes)               ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeAyiya(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const operation = bytes[start + 2]! & 15;
  if (operation !== FORWARD || bytes[start + 3] !== IpProtocol.Ipv6) return Layer.End;
  const identityBytes = 1 << (bytes[start]! >> 4);
  const signatureBytes = (bytes[start + 1]! >> 4) << 2;
  const at = start + HEADER_BYTES + identityBytes + signatureBytes;
  if (exactIpLayer(bytes, at, end, packet.payloadLengthBytes - (at - start)) !== EtherType.Ipv6) return Layer.End;
  return enterTunnel(packet, bytes, TunnelKind.AYIYA, 0, at, EtherType.Ipv6);
}
