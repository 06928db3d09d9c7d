import ipaddr from "ipaddr.js";
import type { Packet } from "../../../runtime/packet/packet.js";
import { conversationKey, endpointOf } from "../flow/conversation-key.js";
import { endsOf } from "../flow/tshark-conversations.js";
import { compareLayers } from "./compare-layers.js";
import { readLayers } from "./read-layers.js";
import type { TsharkFrame } from "./tshark-frame.js";
import { findInnermost } from "./tshark-innermost.js";

/** Where both sides read the layers of packets otherwise. */
export interface OtherLayers {
  /** Packets of a known link type that were compared. */
  readonly compared: number;
  /** Differences by frame number, as reported by `compareLayers`. */
  readonly byFrame: ReadonlyMap<number, readonly string[]>;
  /** The conversations that either side takes such a packet for one of, by {@link conversationKey}. */
  readonly conversations: ReadonlySet<string>;
}

const TRANSPORTS: Partial<Record<number, string>> = { 6: "TCP", 17: "UDP" };

/** Compares the layers of every packet with tshark's reading of the frame by itself. */
export async function findOtherLayers(path: string, packets: readonly TsharkFrame[]): Promise<OtherLayers> {
  const byFrame = new Map<number, string[]>();
  const conversations = new Set<string>();
  let compared = 0;
  await readLayers(path, (packet, linkType, isKnown, index) => {
    const frame = packets[index];
    if (frame === undefined || !isKnown) return;
    compared++;
    // tshark reads nothing of a link type that it does not know.
    if (frame["frame.encap_type"][0] === "0") conversations.add(ourKey(packet));
    const differences = [...compareLayers(packet, linkType, frame)];
    if (differences.length === 0) return;
    byFrame.set(index + 1, differences);
    conversations.add(ourKey(packet));
    const ends = endsOf(findInnermost(frame));
    if (ends !== undefined) conversations.add(conversationKey(...ends));
  });
  return { compared, byFrame, conversations };
}

function ourKey(packet: Packet): string {
  const { bytes, addressLength, srcAddressStart, dstAddressStart, srcPort, dstPort, ipProtocol } = packet;
  const endpoint = (start: number, port: number) =>
    endpointOf(addressText(bytes.subarray(start, start + addressLength)), port);
  return conversationKey(
    TRANSPORTS[ipProtocol] ?? "",
    endpoint(srcAddressStart, srcPort),
    endpoint(dstAddressStart, dstPort),
  );
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "";
  const address = ipaddr.fromByteArray([...bytes]);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}
