import type { TsharkFrame as LayerFrame, TsharkField } from "../layers/tshark-frame.js";
import type { TsharkInnermost } from "../layers/tshark-innermost.js";
import { captureTime } from "../tshark-frame.js";

/** Nanoseconds in which a packet that is the same again is a copy (`duplicate_window_us`). */
const COPY_NANOSECONDS = 2_000_000n;
const NETWORK_FIELDS = ["ip.id", "ip.frag_offset"];
const TRANSPORT_FIELDS = [
  ...["srcport", "dstport", "checksum"],
  ...["seq_raw", "ack_raw", "flags", "window_size_value", "len", "length", "payload"],
];

/** Indexes of the frames whose innermost packet is the same as that of an earlier frame within {@link COPY_NANOSECONDS}, before or after it. */
export function copiedFrames(frames: readonly LayerFrame[], packets: readonly TsharkInnermost[]): ReadonlySet<number> {
  const copies = new Set<number>();
  const seen = new Map<string, bigint>();
  for (const [index, packet] of packets.entries()) {
    if (packet.transport === undefined) continue;
    const time = captureTime(frames[index]!);
    const content = contentOf(packet);
    const before = seen.get(content);
    const since = before === undefined ? undefined : time - before;
    if (since !== undefined && since <= COPY_NANOSECONDS && since >= -COPY_NANOSECONDS) copies.add(index);
    else seen.set(content, time);
  }
  return copies;
}

function contentOf(packet: TsharkInnermost): string {
  const fields = packet.ipVersion === 4 ? NETWORK_FIELDS : [];
  const network = fields.map((field) => packet.networkValue(field as TsharkField));
  const transport = TRANSPORT_FIELDS.map((field) =>
    packet.transportValue(`${packet.transport}.${field}` as TsharkField),
  );
  return [packet.source, packet.destination, packet.transport, ...network, ...transport].join();
}
