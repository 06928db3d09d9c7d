import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { CaptureWriter } from "./capture-writer.js";
import { udpFrame } from "./ip-frame.js";

const VXLAN_PORT = 4789;
const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;

/** Copies a pcap of Ethernet frames with each frame inside VXLAN, of 64 networks. */
export async function writeTunnelledCapture(from: string, to: string): Promise<void> {
  await copyFrames(from, to, (frame, index) => {
    const network = index % 64;
    const payload = Buffer.alloc(8 + frame.length);
    payload[0] = 0x08;
    payload.writeUIntBE(5000 + network, 4, 3);
    payload.set(frame, 8);
    const ends = { srcAddress: 0xac100001, dstAddress: 0xac100002, srcPort: 49152 + network, dstPort: VXLAN_PORT };
    return [udpFrame(ends, payload)];
  });
}

/** Copies a pcap of IPv4 frames with each packet in fragments of `fragmentBytes` bytes of payload, a multiple of 8. */
export async function writeFragmentedCapture(from: string, to: string, fragmentBytes: number): Promise<void> {
  await copyFrames(from, to, (frame, index) => {
    const payload = frame.subarray(ETHERNET_BYTES + IPV4_BYTES);
    const fragments: Buffer[] = [];
    for (let at = 0; at < payload.length; at += fragmentBytes) {
      const part = payload.subarray(at, at + fragmentBytes);
      const fragment = Buffer.concat([frame.subarray(0, ETHERNET_BYTES + IPV4_BYTES), part]);
      fragment.writeUInt16BE(IPV4_BYTES + part.length, 16);
      fragment.writeUInt16BE(index & 0xffff, 18);
      fragment.writeUInt16BE((at + part.length < payload.length ? 0x2000 : 0) | (at >> 3), 20);
      fragments.push(fragment);
    }
    return fragments;
  });
}

async function copyFrames(from: string, to: string, wrap: (frame: Buffer, index: number) => Buffer[]): Promise<void> {
  const source = await openCaptureFile(from);
  const writer = new CaptureWriter(to);
  const { signal } = new AbortController();
  let index = 0;
  for (let batch = await source.read(signal); batch !== null; batch = await source.read(signal)) {
    for (let i = 0; i < batch.count; i++) {
      const start = batch.offsets[i]!;
      const frame = Buffer.from(batch.bytes.subarray(start, start + batch.capturedLengths[i]!));
      for (const wrapped of wrap(frame, index)) writer.write(wrapped);
      index++;
    }
  }
  writer.close();
  await source.close();
}
