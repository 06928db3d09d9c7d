import type { CaptureReadings } from "../capture-readings.js";
import type { TsharkFrame as LayerFrame, TsharkField } from "../layers/tshark-frame.js";
import { findInnermost, type TsharkInnermost } from "../layers/tshark-innermost.js";
import { isFragment } from "../tshark-capture.js";
import type { TsharkFrame } from "../tshark-frame.js";
import { conversationKey, endpointOf } from "./conversation-key.js";

/** One packet of a conversation. */
export interface ConversationPacket {
  readonly frame: number;
  /** It goes from the endpoint that sent the first one to the other. */
  readonly isFromFirst: boolean;
  readonly lengthBytes: number;
  /** Flags of TCP, 0 for others and for fragments after the first. */
  readonly flags: number;
  /** The segment has data. */
  readonly hasData: boolean;
  /** The same packet was captured a moment before. */
  readonly isCopy: boolean;
}

/** The packets between two endpoints over one transport, as tshark reads the innermost packet of each frame. */
export interface TsharkConversation {
  readonly transport: "TCP" | "UDP";
  /** Sender of the first packet, and the other one; address and port, separated by a space. */
  readonly first: string;
  readonly second: string;
  readonly packets: ConversationPacket[];
}

/** Fields besides those of the layers that conversations are found by. */
export const CONVERSATION_FIELDS = [
  ...["ip.id", "ip.proto", "ipv6.fraghdr.ident", "ipv6.fraghdr.nxt"],
  ...["tcp.len", "tcp.checksum", "tcp.payload", "udp.checksum", "udp.payload"],
  ...["icmp.checksum", "icmpv6.checksum"],
];

const TRANSPORTS: Readonly<Record<string, "TCP" | "UDP">> = { tcp: "TCP", udp: "UDP" };

/** Transport and both endpoints of a packet, source first. */
export type Ends = readonly [transport: "TCP" | "UDP", source: string, destination: string];

/** Finds the TCP and UDP conversations of a capture, by {@link conversationKey}. */
export function readConversations({ tshark, innermost, copies }: CaptureReadings): Map<string, TsharkConversation> {
  const { packets } = tshark;
  const ends = endsOfAll(packets, innermost);
  const conversations = new Map<string, TsharkConversation>();
  for (const [index, packet] of innermost.entries()) {
    const frame = packets[index]!;
    const own = ends[index];
    if (own === undefined) continue;
    const [transport, source, destination] = own;
    const key = conversationKey(...own);
    let conversation = conversations.get(key);
    if (conversation === undefined) {
      conversation = { transport, first: source, second: destination, packets: [] };
      conversations.set(key, conversation);
    }
    conversation.packets.push({
      frame: index + 1,
      isFromFirst: source === conversation.first,
      lengthBytes: Number(frame["frame.len"][0]),
      flags: Number(packet.transportValue("tcp.flags") ?? 0) & 0x1ff,
      hasData: Number(packet.transportValue("tcp.len" as TsharkField) ?? 0) > 0,
      isCopy: copies.has(index),
    });
  }
  return conversations;
}

/** The ends of each packet. A fragment after the first has those of the first one before it, or else of the next one. */
function endsOfAll(frames: readonly LayerFrame[], packets: readonly TsharkInnermost[]): (Ends | undefined)[] {
  const found = packets.map(endsOf);
  const firsts = new Map<string, Ends>();
  const waiting = new Map<string, number[]>();
  for (const [index, packet] of packets.entries()) {
    const frame = frames[index]!;
    if (!isFragment(frame as unknown as TsharkFrame)) continue;
    const key = datagramKey(frame, packet);
    const own = found[index];
    if (own !== undefined) {
      firsts.set(key, own);
      for (const earlier of waiting.get(key) ?? []) found[earlier] = own;
      waiting.delete(key);
    } else if (firsts.has(key)) found[index] = firsts.get(key);
    else waiting.set(key, [...(waiting.get(key) ?? []), index]);
  }
  return found;
}

/** The ends of a packet that has ports. */
export function endsOf(packet: TsharkInnermost): Ends | undefined {
  const transport = TRANSPORTS[packet.transport ?? ""];
  if (transport === undefined) return undefined;
  // The names are made of parts that each are known.
  const source = packet.transportValue(`${packet.transport}.srcport` as TsharkField);
  const destination = packet.transportValue(`${packet.transport}.dstport` as TsharkField);
  if (source === undefined || destination === undefined) return undefined;
  return [transport, endpointOf(packet.source, source), endpointOf(packet.destination, destination)];
}

/** The packet of a frame by itself, or the one in the tunnel whose last fragment the frame is. */
export function innermostOf(packet: LayerFrame, frame: TsharkFrame | undefined): TsharkInnermost {
  const single = findInnermost(packet);
  if (frame === undefined || (frame as unknown) === packet) return single;
  const whole = findInnermost(frame as unknown as LayerFrame, true);
  return whole.tunnels.length > single.tunnels.length ? whole : single;
}

/** What all fragments of a datagram have in common. */
function datagramKey(frame: LayerFrame, packet: TsharkInnermost): string {
  const values = frame as unknown as Readonly<Record<string, readonly string[]>>;
  const [identification, protocol] =
    packet.ipVersion === 4
      ? [packet.networkValue("ip.id" as TsharkField), packet.networkValue("ip.proto" as TsharkField)]
      : [values["ipv6.fraghdr.ident"]?.at(-1), values["ipv6.fraghdr.nxt"]?.at(-1)];
  return `${packet.source} ${packet.destination} ${identification} ${protocol}`;
}
