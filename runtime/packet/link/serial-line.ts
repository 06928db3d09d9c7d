import { Layer } from "../layer.js";

/** Unicast and broadcast addresses of Cisco's HDLC framing; PPP has 0xff instead. */
const CISCO_UNICAST = 0x0f;
const CISCO_BROADCAST = 0x8f;

/**
 * The layer of a serial line (LINKTYPE_PPP and LINKTYPE_PPP_HDLC): PPP, or Cisco's framing, whose address byte cannot begin a PPP protocol.
 *
 * ```
 *   ┌─────────┬─────────┐
 *   │ address │ control │
 *   └─────────┴─────────┘
 *        1         1     bytes
 * ```
 */
export function serialLineLayer(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 2) return Layer.End;
  const isCisco = (bytes[start] === CISCO_UNICAST || bytes[start] === CISCO_BROADCAST) && bytes[start + 1] === 0;
  return isCisco ? Layer.CiscoHdlc : Layer.Ppp;
}
