import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { packetsSource } from "../agent/testing/packets.js";
import { LinkType } from "../packet/link-type.js";
import type { CaptureInterface } from "../packet/packet-block.js";
import { findPlugin } from "../plugin/testing/decode-rows.js";
import { DecoderBench } from "../plugin/testing/decoder-bench.js";
import { udpFrame } from "../plugin/testing/udp-frame.js";
import { KnownInterfaces } from "./known-interfaces.js";

const decoder = new TextDecoder();

function interfaceNamed(name: string): CaptureInterface {
  return { name, linkType: LinkType.Ethernet };
}

it("names of earlier sources are kept, for conversations that end in a later one", () => {
  const known = new KnownInterfaces();
  const indexes: number[] = [];
  for (const names of [["a"], ["b", "c"], ["d"]]) {
    known.reset();
    known.learn(names.map(interfaceNamed));
    indexes.push(...names.map((_, i) => known.nameIndex(i)));
  }
  expect(indexes.map((index) => decoder.decode(known.names[index]))).toEqual(["a", "b", "c", "d"]);
});

it("the number of names is limited, and the latest are kept", () => {
  const known = new KnownInterfaces();
  for (let i = 0; i < 70_000; i++) {
    known.reset();
    known.learn([interfaceNamed(`file${i}`)]);
  }
  expect(known.names).toHaveLength(65_536);
  expect(decoder.decode(known.names[known.nameIndex(0)])).toBe("file69999");
});

it("a flow names the file that its packets are in, whichever file it ends in", async () => {
  const bench = new DecoderBench(findPlugin(registry.plugins, "flow"));
  const files: readonly [string, number][] = [
    ["first.pcap", 1000],
    ["second.pcap", 2000],
  ];
  for (const [name, srcPort] of files) {
    const frame = { bytes: udpFrame(Buffer.from("hello"), { srcPort, dstPort: 9 }), time: 1_700_000_000_000_000_000n };
    const source = packetsSource([frame]);
    await bench.source({ ...source, interfaces: [interfaceNamed(name)], read: (signal) => source.read(signal) });
  }
  bench.endInput();
  const rows = bench.rows("flow").map(({ src_port, interface: name }) => [src_port, name]);
  expect(rows.toSorted()).toEqual([
    [1000, "first.pcap"],
    [2000, "second.pcap"],
  ]);
});
