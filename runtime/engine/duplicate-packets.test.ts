import { describe, expect, it } from "vitest";
import { decodeLayers } from "../packet/decode-layers.js";
import { LinkType } from "../packet/link-type.js";
import { Packet } from "../packet/packet.js";
import { udpFrame } from "../plugin/testing/udp-frame.js";
import { TagRule } from "./conversation/tag-rule.js";
import { DuplicatePackets } from "./duplicate-packets.js";

const ENDS = { srcPort: 1000, dstPort: 53, srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };

/** For each packet, whether it is a copy of an earlier one; the datagrams differ only in the given values. */
function copies(tagRule: TagRule, packets: readonly { atMs: number; vlanId?: number; text?: string }[]): boolean[] {
  const duplicates = new DuplicatePackets(2000, tagRule);
  const frames = packets.map(({ text = "same" }) => udpFrame(Buffer.from(text), ENDS));
  const bytes = Buffer.concat(frames);
  duplicates.startBlock(bytes);
  let start = 0;
  return packets.map(({ atMs, vlanId = 0 }, i) => {
    const packet = new Packet();
    packet.bytes = bytes;
    packet.frameStart = start;
    packet.frameEnd = start + frames[i]!.length;
    packet.originalLengthBytes = frames[i]!.length;
    packet.strippedVlanTag = vlanId;
    packet.time.add(atMs * 1e6);
    start = packet.frameEnd;
    decodeLayers(packet, LinkType.Ethernet);
    return duplicates.isCopy(packet, 7);
  });
}

it("recognizes a copy of a raw IP packet at offset 0 of its buffer", () => {
  const duplicates = new DuplicatePackets(2000, TagRule.Join);
  const frame = udpFrame(Buffer.from("same"), ENDS).subarray(14);
  const found = [0, 1].map(() => {
    const bytes = Uint8Array.from(frame);
    const packet = Object.assign(new Packet(), { bytes, frameEnd: bytes.length, originalLengthBytes: bytes.length });
    duplicates.startBlock(bytes);
    decodeLayers(packet, LinkType.Raw);
    return duplicates.isCopy(packet, 7);
  });
  expect(found).toEqual([false, true]);
});

describe("a packet is captured again", () => {
  it("within the time, with the same content", () => {
    const packets = [{ atMs: 0 }, { atMs: 1.9 }, { atMs: 1.9, text: "other" }, { atMs: 4 }];
    expect(copies(TagRule.Join, packets)).toEqual([false, true, false, false]);
  });

  it("in another VLAN too, unless VLANs are kept apart strictly", () => {
    const packets = [
      { atMs: 0, vlanId: 10 },
      { atMs: 1, vlanId: 20 },
      { atMs: 1, vlanId: 10 },
    ];
    expect(copies(TagRule.Join, packets)).toEqual([false, true, true]);
    expect(copies(TagRule.Ignore, packets)).toEqual([false, true, true]);
    expect(copies(TagRule.Strict, packets)).toEqual([false, false, true]);
  });
});
