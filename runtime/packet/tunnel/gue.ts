import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { exactIpLayer } from "../ip-header.js";
import { IpProtocol } from "../ip-protocol.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 4;
/** The first byte: variant in the upper two bits, control flag, length of the optional fields in units of 4 bytes. */
const VARIANT_AND_CONTROL = 0xe0;
const LENGTH = 0x1f;

/**
 * Generic UDP encapsulation (draft-ietf-intarea-gue-09, section 3) of IP: in variant 0, with a header, and in variant 1, without one.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Var|C|   Hlen  |  Proto/ctype  |             Flags             |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~             Extension fields (Hlen times 4 bytes)             ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeGue(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  let at = start;
  if ((bytes[start]! & VARIANT_AND_CONTROL) === 0) {
    const protocol = bytes[start + 1]!;
    if (protocol !== IpProtocol.Ipv4 && protocol !== IpProtocol.Ipv6) return Layer.End;
    at += HEADER_BYTES + ((bytes[start]! & LENGTH) << 2);
  }
  const layer = exactIpLayer(bytes, at, end, packet.payloadLengthBytes - (at - start));
  return enterTunnel(packet, bytes, TunnelKind.GUE, 0, at, layer);
}
