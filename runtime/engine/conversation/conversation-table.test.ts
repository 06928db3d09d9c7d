import { expect, it } from "vitest";
import { decodeLayers } from "../../packet/decode-layers.js";
import { LinkType } from "../../packet/link-type.js";
import { Packet } from "../../packet/packet.js";
import { udpFrame } from "../../plugin/testing/udp-frame.js";
import { ConversationMemory } from "./conversation-memory.js";
import { ConversationTable } from "./conversation-table.js";

const PAIRS = [
  { srcAddress: "192.0.2.1", dstAddress: "192.0.2.2" },
  { srcAddress: "192.0.2.9", dstAddress: "192.0.2.3" },
  { srcAddress: "2001:db8::9", dstAddress: "2001:db8::1" },
];

function packetOf(ends: Parameters<typeof udpFrame>[1], vlanId = 0): Packet {
  const bytes = udpFrame(new Uint8Array(4), ends);
  const packet = new Packet();
  packet.bytes = bytes;
  packet.frameStart = 0;
  packet.frameEnd = bytes.length;
  packet.originalLengthBytes = bytes.length;
  packet.strippedVlanTag = vlanId;
  decodeLayers(packet, LinkType.Ethernet);
  return packet;
}

it("conversations that began before other tags were seen are joined by their opposite directions", () => {
  const table = new ConversationTable(new ConversationMemory(16));
  const find = (packet: Packet) => {
    const slot = table.find(packet);
    if (slot !== -1) return slot;
    const taken = table.insert();
    table.order.begin(taken, 0);
    return taken;
  };
  const ports = { srcPort: 1000, dstPort: 2000 };
  const reverse = ({ srcAddress, dstAddress }: (typeof PAIRS)[number]) => ({
    srcAddress: dstAddress,
    dstAddress: srcAddress,
    srcPort: ports.dstPort,
    dstPort: ports.srcPort,
  });
  const slots = PAIRS.map((pair) => find(packetOf({ ...pair, ...ports })));
  const removed = find(packetOf({ ...PAIRS[0]!, srcPort: 3000, dstPort: 4000 }));
  table.remove(removed);
  // One conversation with both directions seen.
  const whole = { srcAddress: "192.0.2.1", dstAddress: "192.0.2.77" };
  const both = find(packetOf({ ...whole, ...ports }));
  expect(find(packetOf(reverse(whole)))).toBe(both);

  expect(PAIRS.map((pair) => find(packetOf(reverse(pair), 20)))).toEqual(slots);
  expect(table.isRetagged).toBe(true);
  // Their directions have fixed tags from here on; packets with other tags begin conversations of their own.
  expect(PAIRS.map((pair) => find(packetOf(reverse(pair), 20)))).toEqual(slots);
  expect(slots).not.toContain(find(packetOf(reverse(PAIRS[0]!), 30)));
  expect(find(packetOf(reverse(whole), 20))).not.toBe(both);
  // The removed conversation does not come back.
  const size = table.size;
  find(packetOf({ ...reverse(PAIRS[0]!), srcPort: 4000, dstPort: 3000 }, 20));
  expect(table.size).toBe(size + 1);
});
