import fc from "fast-check";
import { registry } from "../../../generated/registry.js";
import { writeCommunityId } from "../../../runtime/packet/community-id.js";
import { decodeLayers } from "../../../runtime/packet/decode-layers.js";
import { IpProtocol } from "../../../runtime/packet/ip-protocol.js";
import { LinkType } from "../../../runtime/packet/link-type.js";
import { loadPacket } from "../../../runtime/packet/load-packet.js";
import { Packet } from "../../../runtime/packet/packet.js";
import { PacketBlock } from "../../../runtime/packet/packet-block.js";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { ByteSlot } from "../../../runtime/record/byte-slot.js";
import type { Corpus } from "../corpus.js";
import type { FuzzTarget } from "../fuzz-target.js";

const MAX_FRAMES = 120;
const SECONDS_BETWEEN = 0.005;
/** Ports whose protocols ask groups: what one host says there is an answer to another conversation. */
const GROUP_PORTS = new Set([67, 68, 546, 547, 5353, 5355]);
const MAC_BYTES = 12;
/** Small tables: they are made for every input. */
const plugins = registry.plugins.map((plugin) => ({
  ...plugin,
  limits: { ...plugin.limits, pendingMaxEntries: Math.min(plugin.limits.pendingMaxEntries, 1024) },
}));

/** A frame, and the Community ID of its conversation of TCP or UDP; undefined for any other. */
interface SequenceFrame {
  readonly bytes: Uint8Array;
  readonly conversation: string | undefined;
}

/** What happens to a packet of the conversation that is changed. */
const FATES = ["whole", "lost", "twice", "late", "tagged"] as const;

/**
 * Captures in which packets of one conversation are lost, doubled, put out of order or seen in a VLAN: the rows of the other conversations
 * stay the same.
 */
export const sequencesTarget: FuzzTarget = {
  name: "sequences",
  share: 0.0005,
  prepare(corpus) {
    const captures = capturesOf(corpus);
    const input = fc.record({
      capture: fc.nat(captures.length - 1),
      victim: fc.nat(MAX_FRAMES),
      fates: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: MAX_FRAMES }),
    });
    return fc.property(input, ({ capture, victim, fates }) => {
      const frames = captures[capture]!;
      const conversations = [...new Set(frames.flatMap(({ conversation }) => conversation ?? []))];
      const changed = conversations[victim % conversations.length]!;
      const expected = rowsOfOthers(
        frames.map((frame) => [frame]),
        changed,
      );
      const found = rowsOfOthers(change(frames, changed, fates), changed);
      const lost = expected.filter((row) => !found.includes(row));
      const extra = found.filter((row) => !expected.includes(row));
      if (lost.length + extra.length > 0 || expected.length !== found.length)
        throw new Error(`${changed} changed others' rows: lost ${lost[0]}, new ${extra[0]}`);
    });
  },
};

/** The Ethernet captures with several conversations. */
function capturesOf({ frames }: Corpus): SequenceFrame[][] {
  const captures = new Map<number, SequenceFrame[]>();
  for (const { bytes, linkType, capture } of frames) {
    if (linkType !== LinkType.Ethernet) continue;
    const own = captures.get(capture) ?? [];
    if (own.length < MAX_FRAMES) own.push({ bytes, conversation: conversationOf(bytes) });
    captures.set(capture, own);
  }
  return [...captures.values()].filter(
    (own) => new Set(own.flatMap(({ conversation }) => conversation ?? [])).size > 1,
  );
}

function conversationOf(bytes: Uint8Array): string | undefined {
  const block = new PacketBlock();
  block.count = 1;
  block.bytes = bytes;
  block.capturedLengths[0] = bytes.length;
  block.originalLengths[0] = bytes.length;
  const packet = new Packet();
  loadPacket(packet, block, 0);
  decodeLayers(packet, LinkType.Ethernet);
  const { ipProtocol, srcPort, dstPort } = packet;
  const isPorted = ipProtocol === IpProtocol.Tcp || ipProtocol === IpProtocol.Udp;
  // A fragment's ports are known once its datagram is reassembled.
  if (!isPorted || packet.isFragment || GROUP_PORTS.has(srcPort) || GROUP_PORTS.has(dstPort)) return undefined;
  const communityId = new ByteSlot(30);
  writeCommunityId(packet, communityId);
  return communityId.length === 0
    ? undefined
    : Buffer.from(communityId.bytes.subarray(0, communityId.length)).toString();
}

/** The frames after each one of a conversation has met its fate, at the times that they had. */
function change(
  frames: readonly SequenceFrame[],
  conversation: string,
  fates: readonly (typeof FATES)[number][],
): SequenceFrame[][] {
  const slots: SequenceFrame[][] = frames.map((frame) => [frame]);
  const own = frames.flatMap((frame, i) => (frame.conversation === conversation ? [i] : []));
  own.forEach((at, i) => {
    const frame = frames[at]!;
    switch (fates[i % fates.length]) {
      case "lost":
        slots[at] = [];
        break;
      case "twice":
        slots[at]!.push(frame);
        break;
      case "tagged":
        slots[at] = [{ ...frame, bytes: tagged(frame.bytes) }];
        break;
      case "late": {
        const next = own[i + 1];
        if (next === undefined) break;
        slots[at] = [];
        slots[next]!.push(frame);
      }
    }
  });
  return slots;
}

function tagged(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, MAC_BYTES), Buffer.from([0x81, 0, 0, 100]), bytes.subarray(MAC_BYTES)]);
}

/** The rows of all other conversations, without their places among others, in an order of their own. */
function rowsOfOthers(slots: readonly (readonly SequenceFrame[])[], conversation: string): string[] {
  const bench = DecoderBench.configured({ limits: { conversations: 1024 } }, ...plugins);
  slots.forEach((slot, i) => {
    for (const { bytes } of slot) bench.frame(bytes, { atSeconds: i * SECONDS_BETWEEN });
  });
  bench.endInput();
  return plugins
    .flatMap(({ table: { resource } }) => bench.rows(resource).map((row) => ({ resource, ...row })))
    .filter((row: Readonly<Record<string, unknown>>) => row["community_id"] !== conversation)
    .map((row) => JSON.stringify(row, (name, value) => (isPlace(name) ? undefined : value)))
    .sort();
}

/** True for a column that says which packet of the capture something was in. */
function isPlace(name: string): boolean {
  return name === "id" || name === "frame_number" || name.endsWith("_frame");
}
