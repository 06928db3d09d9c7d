import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { defaultLimits } from "../../runtime/engine/engine-limits.js";
import { Pipeline } from "../../runtime/engine/pipeline.js";
import { nodeCryptography } from "../../runtime/node/node-cryptography.js";
import { LinkType } from "../../runtime/packet/link-type.js";
import { BLOCK_CAPACITY, PacketBlock } from "../../runtime/packet/packet-block.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, throwFault } from "../../runtime/plugin/testing/decoder-bench.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";
import { udpFrame } from "../../runtime/plugin/testing/udp-frame.js";
import { Random } from "../../runtime/record/testing/random.js";

/** As few conversations as are kept make room for each other; as many as there are, memory is read ahead for. */
const LIMITS = { ...defaultLimits, conversations: 1400 };
const CONVERSATIONS = 1800;
const INTERFACES = [{ name: "test0", linkType: LinkType.Ethernet }];
const FRAGMENT_BYTES = 16;

/** One packet of a random conversation: of TCP with any flags, or a query for a name. */
function frameOf(random: Random): Uint8Array {
  const number = random.below(CONVERSATIONS);
  const isBack = random.oneIn(2);
  const server = number % 3 === 0 ? 53 : 8000;
  const client = { port: 20_000 + number, address: `192.0.2.${number % 200}` };
  const ends = isBack
    ? { srcPort: server, dstPort: client.port, srcAddress: "198.51.100.1", dstAddress: client.address }
    : { srcPort: client.port, dstPort: server, srcAddress: client.address, dstAddress: "198.51.100.1" };
  if (server === 53) {
    const flags = isBack ? "8180" : "0100";
    return udpFrame(Buffer.from(`000${number % 8}${flags}00010000000000000000020001`, "hex"), ends);
  }
  const flags = [2, 18, 16, 24, 17, 4][random.below(6)]!;
  const payload = Buffer.from(["", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 204 No\r\n\r\n", "text"][random.below(4)]!);
  return tcpFrame(payload, ends, { sequence: random.below(40), acknowledgement: random.below(40), flags });
}

/** The frame in a VLAN. */
function tagged(frame: Uint8Array, vlan: number): Uint8Array {
  return Buffer.concat([frame.subarray(0, 12), Buffer.from([0x81, 0, 0, vlan]), frame.subarray(12)]);
}

/** The two fragments of a frame with IPv4. */
function fragmentsOf(frame: Uint8Array, identification: number): Uint8Array[] {
  const payload = frame.subarray(34);
  const parts = [payload.subarray(0, FRAGMENT_BYTES), payload.subarray(FRAGMENT_BYTES)];
  return parts.map((part, index) => {
    const fragment = Buffer.concat([frame.subarray(0, 34), part]);
    fragment.writeUInt16BE(20 + part.length, 16);
    fragment.writeUInt16BE(identification, 18);
    fragment.writeUInt16BE(index === 0 ? 0x2000 : FRAGMENT_BYTES / 8, 20);
    return fragment;
  });
}

/** The frame with another byte somewhere after the addresses, as a packet may differ from one before it. */
function changed(frame: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(frame);
  copy[Math.min(copy.length - 1, 34 + random.below(copy.length - 34))]! ^= 1 + random.below(255);
  return copy;
}

/** Frames in random order: some in fragments, some in a VLAN, some captured twice, some nearly so. */
function framesOf(random: Random): Uint8Array[] {
  const frames: Uint8Array[] = [];
  while (frames.length < BLOCK_CAPACITY - 4) {
    const frame = frameOf(random);
    if (random.oneIn(8)) frames.push(...fragmentsOf(frame, frames.length));
    else frames.push(random.oneIn(6) ? tagged(frame, 1 + random.below(2)) : frame);
    const last = frames[frames.length - 1 - random.below(2)] ?? frame;
    const chance = random.below(6);
    if (chance === 0) frames.push(last);
    else if (chance === 1) frames.push(changed(last, random));
  }
  return frames;
}

function blockOf(frames: readonly Uint8Array[], random: Random): PacketBlock {
  const block = new PacketBlock();
  block.bytes = Buffer.concat(frames);
  block.count = frames.length;
  let offset = 0;
  let time = 0;
  for (const [i, { length }] of frames.entries()) {
    block.offsets[i] = offset;
    block.capturedLengths[i] = length;
    block.originalLengths[i] = length;
    block.timesHigh[i] = 1;
    block.timesLow[i] = time;
    block.frameNumbers[i] = i + 1;
    offset += length;
    time += random.below(500_000);
  }
  return block;
}

/** The packets `[start, end)` of a block as one of their own. */
function partOf(block: PacketBlock, start: number, end: number): PacketBlock {
  const part = new PacketBlock();
  const from = block.offsets[start]!;
  part.bytes = Buffer.from(block.bytes.subarray(from, block.offsets[end - 1]! + block.capturedLengths[end - 1]!));
  part.count = end - start;
  for (let i = start; i < end; i++) {
    part.offsets[i - start] = block.offsets[i]! - from;
    part.capturedLengths[i - start] = block.capturedLengths[i]!;
    part.originalLengths[i - start] = block.originalLengths[i]!;
    part.timesHigh[i - start] = block.timesHigh[i]!;
    part.timesLow[i - start] = block.timesLow[i]!;
    part.frameNumbers[i - start] = block.frameNumbers[i]!;
  }
  return part;
}

/**
 * All rows of the block, encoded, by plugin; `sizeOf` says how many packets are processed in each call. With `isSplit` each call gets
 * a block of its own, which is overwritten afterwards.
 */
function rowsOf(block: PacketBlock, sizeOf: () => number, isSplit = false): string[] {
  const pipeline = new Pipeline(registry.plugins, {
    cryptography: nodeCryptography,
    session: 0,
    limits: LIMITS,
    onDecoderFault: throwFault,
  });
  for (let start = 0; start < block.count; ) {
    const end = Math.min(block.count, start + sizeOf());
    if (isSplit) {
      const part = partOf(block, start, end);
      pipeline.process(part, INTERFACES);
      part.bytes.fill(0xee);
    } else pipeline.process(block, INTERFACES, start, end);
    start = end;
  }
  pipeline.finish();
  return registry.plugins.map((_, index) => {
    const taken = pipeline.take(index);
    return taken === undefined ? "" : Buffer.from(taken.rows).toString("hex");
  });
}

it.each([1, 2, 3])("rows do not depend on how packets are divided into calls and blocks: seed %i", (seed) => {
  const random = new Random(seed);
  const block = blockOf(framesOf(random), random);
  const oneByOne = rowsOf(block, () => 1);
  expect(oneByOne.filter((rows) => rows !== "").length).toBeGreaterThanOrEqual(3);
  expect(rowsOf(block, () => block.count)).toEqual(oneByOne);
  expect(rowsOf(block, () => 1 + random.below(40))).toEqual(oneByOne);
  expect(rowsOf(block, () => 1, true)).toEqual(oneByOne);
  expect(rowsOf(block, () => 1 + random.below(400), true)).toEqual(oneByOne);
});

it("fragments belong to the conversation of their datagram", () => {
  const query = Buffer.from("000101000001000000000000076578616d706c6503636f6d0000020001", "hex");
  const frame = udpFrame(query, { srcPort: 40_000, dstPort: 53 });
  const bench = new DecoderBench(findPlugin(registry.plugins, "dns"), findPlugin(registry.plugins, "flow"));
  for (const fragment of [...fragmentsOf(frame, 1), frame]) bench.frame(fragment);
  bench.endInput();
  expect(bench.rows("dns")).toMatchObject([{ retransmissions: 1 }]);
  expect(bench.rows("flow")).toMatchObject([{ src_packets: 3, src_port: 40_000, dst_port: 53 }]);
});
