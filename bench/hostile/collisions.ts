import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../runtime/record/testing/random.js";
import { decodeInProcess } from "../decode/in-process.js";
import { median, report } from "../measure.js";
import { CaptureWriter } from "../traffic/capture-writer.js";
import { echoFrame, fragmentFrames, udpFrame, vxlanFrame } from "../traffic/ip-frame.js";
import { cancellingWords, secretFrom } from "./known-secret.js";
import { collidingEchoes, collidingEndpoints, collidingNetworks } from "./unseeded-hash.js";

const COUNT = 60_000;
/** Datagrams in fragments; 4096 are reassembled at once. */
const FRAGMENTS = 4_000;
const WARM_UP_ROUNDS = 4;
const ROUNDS = 7;
const EMPTY = Buffer.alloc(18);
const random = new Random(5);
const secret = secretFrom(1);

/** Attacks on hash tables: what is decoded, and the frames of each side. Hostile ones were chosen for a hash that is known. */
const attacks: { name: string; resource: string; hostile: Iterable<Uint8Array>; benign: Iterable<Uint8Array> }[] = [
  {
    name: "conversations, endpoints chosen for the hash without a secret",
    resource: "flow",
    hostile: collidingEndpoints(COUNT).map((ends) => udpFrame(ends, EMPTY)),
    benign: frames(COUNT, () => udpFrame(randomEnds(), EMPTY)),
  },
  {
    name: "conversations, endpoints chosen for another secret",
    resource: "flow",
    hostile: cancellingWords(secret, 5, COUNT).map((dstAddress) =>
      udpFrame({ srcAddress: 1, dstAddress, srcPort: 1024, dstPort: 7001 }, EMPTY),
    ),
    benign: frames(COUNT, () => udpFrame(randomEnds(), EMPTY)),
  },
  {
    name: "tunnels, ports chosen for the networks",
    resource: "flow",
    hostile: collidingNetworks(COUNT).map(({ network, ends }) => vxlanFrame(network, udpFrame(ends, EMPTY))),
    benign: frames(COUNT, (i) => vxlanFrame(i, udpFrame(randomEnds(), EMPTY))),
  },
  {
    name: "open requests, numbers chosen for the hash without a secret",
    resource: "icmp",
    hostile: collidingEchoes(COUNT).map(({ srcAddress, dstAddress, numbers }) =>
      echoFrame(srcAddress, dstAddress, numbers),
    ),
    benign: frames(COUNT, () => echoFrame(random.uint32(), 0xc6336401, random.uint32())),
  },
  {
    name: "open requests, addresses chosen for another secret",
    resource: "icmp",
    hostile: cancellingWords(secret, 3, COUNT).map((srcAddress) => echoFrame(srcAddress, 0xc6336401, 7)),
    benign: frames(COUNT, () => echoFrame(random.uint32(), 0xc6336401, 7)),
  },
  {
    name: "fragments, addresses chosen for another secret",
    resource: "flow",
    hostile: interleaved(cancellingWords(secret, 5, FRAGMENTS)),
    benign: interleaved(Array.from({ length: FRAGMENTS }, () => random.uint32())),
  },
];

const folder = mkdtempSync(join(tmpdir(), "wireloom-bench-"));
try {
  for (const { name, resource, hostile, benign } of attacks) {
    const paths = [0, 1].map((i) => join(folder, `${i}.pcap`));
    const packets = [write(paths[0]!, hostile), write(paths[1]!, benign)];
    const seconds: [number[], number[]] = [[], []];
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      for (const side of [0, 1] as const) {
        const time = await decodeInProcess(paths[side]!, [resource]);
        if (round >= WARM_UP_ROUNDS) seconds[side].push(time);
      }
    }
    const [hostileRate, benignRate] = seconds.map((times, side) => packets[side]! / median(times));
    report(`hostile ${name}`, {
      "packets/s": hostileRate!,
      "benign packets/s": benignRate!,
      "hostile to benign": hostileRate! / benignRate!,
    });
  }
} finally {
  rmSync(folder, { recursive: true });
}

function frames(count: number, make: (index: number) => Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function randomEnds() {
  const [srcAddress, dstAddress] = [random.uint32(), random.uint32()];
  return { srcAddress, dstAddress, srcPort: random.below(65536), dstPort: 7001 };
}

/** Datagrams in sixteen fragments each, whose first fragments all come first, then the second ones, and so on. */
function interleaved(addresses: readonly number[]): Uint8Array[] {
  const datagrams = addresses.map((srcAddress) => fragmentFrames(srcAddress, 0xc6336401, 16));
  return Array.from({ length: 16 }, (_, part) => datagrams.map((parts) => parts[part]!)).flat();
}

function write(path: string, side: Iterable<Uint8Array>): number {
  const writer = new CaptureWriter(path);
  for (const frame of side) writer.write(frame);
  writer.close();
  return writer.packets;
}
