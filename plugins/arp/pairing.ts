import { State } from "../../generated/arp/arp_enums.js";
import type { ArpRecord } from "../../generated/arp/record.js";
import { type Output, type Packet, uint32 } from "../../runtime/plugin/index.js";

/** The key of a request from `sender` for `target`, IPv4 addresses as numbers; others may have the same one. */
export function pairingKey(sender: number, target: number): number {
  return (Math.imul(sender, 0x9e3779b1) ^ target) >>> 0;
}

/** Completes the request from `sender` for `target` that `reply` answers, and makes it a row; false if there is none. */
export function completeRequest(
  reply: Readonly<Packet>,
  sender: number,
  target: number,
  out: Output<ArpRecord>,
): boolean {
  if (!out.resume(pairingKey(sender, target))) return false;
  const { record } = out;
  if (uint32(record.senderAddress.bytes, 0) !== sender || uint32(record.targetAddress.bytes, 0) !== target) {
    out.putBack();
    return false;
  }
  record.state = State.COMPLETE;
  record.responseFrame = reply.frameNumber;
  const latency = reply.time.nanosecondsSince(out.requestTime);
  if (latency >= 0) record.latency = latency;
  out.emit();
  return true;
}
