import { describe, expect, it } from "vitest";
import { cancellingWords, secretFrom } from "../../bench/hostile/known-secret.js";
import {
  collidingEchoes,
  collidingEndpoints,
  collidingNetworks,
  keyOfEcho,
} from "../../bench/hostile/unseeded-hash.js";
import { TunnelKind } from "../../generated/wireloom/v1/observation_enums.js";
import { ConversationMemory } from "../../runtime/engine/conversation/conversation-memory.js";
import { ConversationTable } from "../../runtime/engine/conversation/conversation-table.js";
import { TagRule } from "../../runtime/engine/conversation/tag-rule.js";
import { Wait } from "../../runtime/engine/conversation/wait.js";
import { PendingTable } from "../../runtime/engine/pairing/pending-table.js";
import { FragmentTable } from "../../runtime/packet/fragment-table.js";
import { Packet } from "../../runtime/packet/packet.js";
import { Timestamp } from "../../runtime/record/timestamp.js";

const KEYS = 4096;
/** Among 4096 keys in 8192 buckets the fullest has seven or eight; chosen ones may be a little worse. */
const FEW = 16;
const ROW = new Uint8Array([1, 2, 3]);

/** An IPv4 packet between two addresses, without a frame. */
function packetOf(srcAddress: number, dstAddress: number, fields: Partial<Packet> = {}): Packet {
  const packet = new Packet();
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(srcAddress, 0);
  bytes.writeUInt32BE(dstAddress, 4);
  const addresses = { bytes, srcAddressStart: 0, dstAddressStart: 4, addressLength: 4, ipVersion: 4 };
  return Object.assign(packet, addresses, { ipProtocol: 17 }, fields);
}

function longestConversationChain(packets: Iterable<Packet>, secret: Int32Array): number {
  const table = new ConversationTable(new ConversationMemory(KEYS), TagRule.Join, secret);
  for (const packet of packets) if (table.find(packet) === -1) table.order.begin(table.insert(), Wait.Datagrams);
  expect(table.size).toBe(KEYS);
  return table.longestChain;
}

function longestRequestChain(requests: Iterable<[Packet, number]>, secret: Int32Array): number {
  const table = new PendingTable(
    { maxEntries: KEYS, maxBytes: 1 << 20, ttlMs: 1000, tagRule: TagRule.Join },
    () => undefined,
    secret,
  );
  for (const [packet, key] of requests) table.hold(packet, key, false, ROW, ROW.length, new Timestamp());
  return table.longestChain;
}

function longestFragmentChain(packets: Iterable<Packet>, secret: Int32Array): number {
  const table = new FragmentTable(secret);
  for (const packet of packets) if (table.find(packet) === undefined) table.insert(0);
  expect(table.size).toBe(KEYS);
  return table.longestChain;
}

describe.each([1, 2, 3])("with the secret of seed %d", (seed) => {
  const secret = secretFrom(seed);

  it("conversations whose hashes were one without a secret are in buckets of their own", () => {
    const packets = collidingEndpoints(KEYS).map(({ srcAddress, dstAddress, srcPort, dstPort }) =>
      packetOf(srcAddress, dstAddress, { srcPort, dstPort }),
    );
    expect(longestConversationChain(packets, secret)).toBeLessThan(FEW);
  });

  it("so are those in tunnels", () => {
    const packets = collidingNetworks(KEYS).map(({ network, ends: { srcAddress, dstAddress, ...ports } }) => {
      const packet = packetOf(srcAddress, dstAddress, ports);
      packet.tunnels.push(TunnelKind.VXLAN, network, packet);
      return packet;
    });
    expect(longestConversationChain(packets, secret)).toBeLessThan(FEW);
  });

  it("so are open requests", () => {
    const requests = collidingEchoes(KEYS).map(({ srcAddress, dstAddress, numbers }): [Packet, number] => [
      packetOf(srcAddress, dstAddress, { ipProtocol: 1 }),
      keyOfEcho(numbers),
    ]);
    expect(longestRequestChain(requests, secret)).toBeLessThan(FEW);
  });

  it("keys chosen for another secret do not collide, and keys chosen for this one do", () => {
    const other = secretFrom(seed + 100);
    const conversations = (known: Int32Array) =>
      cancellingWords(known, 3, KEYS * 2)
        .filter((address) => address > 0x01000001)
        .slice(0, KEYS)
        .map((address) => packetOf(0x01000001, address, { srcPort: 1, dstPort: 2 }));
    expect(longestConversationChain(conversations(secret), secret)).toBe(KEYS);
    expect(longestConversationChain(conversations(other), secret)).toBeLessThan(FEW);

    const requests = (known: Int32Array) =>
      cancellingWords(known, 3, KEYS).map((address): [Packet, number] => [packetOf(address, 0x01000001), 7]);
    expect(longestRequestChain(requests(secret), secret)).toBe(KEYS);
    expect(longestRequestChain(requests(other), secret)).toBeLessThan(FEW);

    const fragments = (known: Int32Array) =>
      cancellingWords(known, 5, KEYS).map((address) => packetOf(address, 0x01000001, { fragmentIdentification: 7 }));
    expect(longestFragmentChain(fragments(secret), secret)).toBe(KEYS);
    expect(longestFragmentChain(fragments(other), secret)).toBe(1);
  });
});

it("networks in tunnels in tunnels are distinguished", () => {
  const seen = new Set<string>();
  const words = new Int32Array(2);
  for (let outer = 0; outer < 64; outer++) {
    for (let inner = 0; inner < 64; inner++) {
      const packet = packetOf(1, 2);
      packet.tunnels.push(TunnelKind.VXLAN, outer, packet);
      packet.tunnels.push(TunnelKind.VXLAN, inner, packet);
      packet.tunnels.writeNetwork(words, 0);
      seen.add(words.join());
    }
  }
  expect(seen.size).toBe(64 * 64);
});

it.each([
  [0, 1, 2],
  [1, 0, 2],
  [2, 1, 0],
])("a datagram that leaves a chain leaves the others in it: %d, %d, %d", (...order) => {
  const secret = secretFrom(1);
  const table = new FragmentTable(secret);
  const packets = cancellingWords(secret, 5, 3).map((address) => packetOf(address, 0x01000001));
  const datagrams = packets.map((packet) => {
    expect(table.find(packet)).toBeUndefined();
    return table.insert(0);
  });
  expect(table.longestChain).toBe(3);
  const left = new Set<number>();
  for (const index of order) {
    table.remove(datagrams[index]!);
    left.add(index);
    expect(packets.map((packet) => table.find(packet))).toEqual(
      datagrams.map((datagram, i) => (left.has(i) ? undefined : datagram)),
    );
  }
  expect([table.size, table.longestChain]).toEqual([0, 0]);
});
