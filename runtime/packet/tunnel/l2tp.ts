import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { exactIpLayer } from "../ip-header.js";
import { Layer } from "../layer.js";
import { isLikelyFrame } from "../likely-frame.js";
import type { Packet } from "../packet.js";
import { pppLayer, pppPayloadStart } from "../ppp.js";

const CONTROL = 0x8000;
const LENGTH = 0x4000;
const SEQUENCE = 0x0800;
const OFFSET = 0x0200;
/** Reserved bits of version 2. */
const RESERVED = 0x34f0;
const VERSION = 0x000f;

/** Possible lengths between the session ID of version 3 and its payload: a cookie of 0, 4 or 8 bytes, a sublayer of 0 or 4 bytes. */
const MAX_COOKIE_BYTES = 12;

/**
 * L2TP over UDP: version 2 (RFC 2661, section 3.1) and version 3 (RFC 3931, section 4.1.2.1); control messages, whose T is set, stay payload.
 *
 * ```
 *   Version 2
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |           Length (L)          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |           Tunnel ID           |           Session ID          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |             Ns (S)            |             Nr (S)            |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |        Offset Size (O)        |         Offset pad (O)        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *   Version 3
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |T|x|x|x|x|x|x|x|x|x|x|x|  Ver  |            Reserved           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                           Session ID                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * A field is present when the flag in its parentheses is set.
 */
export function decodeL2tp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return Layer.End;
  const flags = (bytes[start]! << 8) | bytes[start + 1]!;
  if ((flags & CONTROL) !== 0) return Layer.End;
  if ((flags & VERSION) === 3) return flags === 3 ? decodeSession(packet, bytes, start + 4, end) : Layer.End;
  if ((flags & (VERSION | RESERVED)) !== 2) return Layer.End;
  let at = start + 2;
  if ((flags & LENGTH) !== 0) at += 2;
  if (end - at < 4) return Layer.End;
  // Tunnel in the upper half, session in the lower one.
  const id = ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  at += 4;
  if ((flags & SEQUENCE) !== 0) at += 4;
  if ((flags & OFFSET) !== 0) {
    if (end - at < 2) return Layer.End;
    at += 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
  }
  return at < end ? enterTunnel(packet, bytes, TunnelKind.L2TP, id, at, Layer.Ppp) : Layer.End;
}

/** L2TP version 3 in IP (RFC 3931, section 4.1.1.1); session 0 is that of control messages. */
export function decodeL2tpInIp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  return decodeSession(packet, bytes, start, end);
}

/**
 * A session of version 3 (RFC 3931, section 4.1), whose cookie, sublayer and payload are negotiated separately: the payload is tried at each
 * possible position, and accepted if its own lengths fit exactly.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                           Session ID                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                    Cookie (0, 4 or 8 bytes)                   ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                    Sublayer (0 or 4 bytes)                    ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
function decodeSession(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 4) return Layer.End;
  const session =
    ((bytes[start]! << 24) | (bytes[start + 1]! << 16) | (bytes[start + 2]! << 8) | bytes[start + 3]!) >>> 0;
  if (session === 0) return Layer.End;
  for (let cookieBytes = 0; cookieBytes <= MAX_COOKIE_BYTES; cookieBytes += 4) {
    const at = start + 4 + cookieBytes;
    const layer = sessionLayer(bytes, at, end, packet.payloadLengthBytes - (at - packet.start));
    if (layer !== Layer.End) return enterTunnel(packet, bytes, TunnelKind.L2TP, session, at, layer);
  }
  return Layer.End;
}

function sessionLayer(bytes: Uint8Array, at: number, end: number, lengthBytes: number): number {
  if (isLikelyFrame(bytes, at, end, lengthBytes)) return Layer.Ethernet;
  const payloadStart = pppPayloadStart(bytes, at, end);
  if (payloadStart - at < 4) return Layer.End;
  const ip = exactIpLayer(bytes, payloadStart, end, lengthBytes - (payloadStart - at));
  return ip !== Layer.End && ip === pppLayer(bytes, at, payloadStart) ? Layer.Ppp : Layer.End;
}
