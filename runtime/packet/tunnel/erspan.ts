import { TunnelKind } from "../../../generated/wireloom/v1/observation-record.js";
import { enterTunnel } from "../enter-tunnel.js";
import { ipHeaderLayer } from "../ip-header.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const TYPE_TWO_BYTES = 8;
const TYPE_THREE_BYTES = 12;
const SUBHEADER_BYTES = 8;
/** Versions in the header, which are the types less 1. */
const TYPE_TWO = 1;
const TYPE_THREE = 2;
/** Frame types of type III. */
const IP_FRAME = 2;

/**
 * ERSPAN inside GRE (draft-foschiano-erspan): types II and III by the version in their header; type I, which has none, is GRE without
 * a sequence number.
 */
export function decodeErspan(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  hasSequenceNumber: boolean,
): number {
  if (!hasSequenceNumber) return enterTunnel(packet, bytes, TunnelKind.ERSPAN, 0, start, Layer.Ethernet);
  if (end - start < TYPE_TWO_BYTES) return Layer.End;
  const version = bytes[start]! >> 4;
  const session = ((bytes[start + 2]! & 3) << 8) | bytes[start + 3]!;
  if (version === TYPE_TWO) {
    return enterTunnel(packet, bytes, TunnelKind.ERSPAN, session, start + TYPE_TWO_BYTES, Layer.Ethernet);
  }
  if (version !== TYPE_THREE || end - start < TYPE_THREE_BYTES) return Layer.End;
  const hasSubheader = (bytes[start + 11]! & 1) !== 0;
  const frameType = (bytes[start + 10]! >> 2) & 0x1f;
  const frameStart = start + TYPE_THREE_BYTES + (hasSubheader ? SUBHEADER_BYTES : 0);
  const layer = frameType === IP_FRAME ? ipHeaderLayer(bytes, frameStart, end) : Layer.Ethernet;
  return enterTunnel(packet, bytes, TunnelKind.ERSPAN, session, frameStart, layer);
}
