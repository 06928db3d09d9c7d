import { closeSync, openSync, writeSync } from "node:fs";
import { Random } from "../../runtime/record/testing/random.js";

const LABELS = ["www", "mail", "api", "cdn", "static", "login", "img", "a1", "edge", "ns"];
const ZONES = ["example.com", "example.org", "wireloom.example", "internal.example.net", "shop.example"];

/**
 * Writes a pcap of `packets` DNS packets over Ethernet, IPv4 and UDP: pairs of a query and its response with one or two A records,
 * from many clients, in the same order in every run. Four pairs overlap at a time.
 */
export function writeDnsCapture(path: string, packets: number): void {
  const random = new Random(42);
  const file = openSync(path, "w");
  const chunk = new Uint8Array(4 << 20);
  const view = new DataView(chunk.buffer);
  let at = 0;
  const flush = () => {
    writeSync(file, chunk, 0, at);
    at = 0;
  };
  // pcap, little-endian, microseconds, Ethernet.
  for (const [offset, value] of [
    [0, 0xa1b2c3d4],
    [4, 0x00040002],
    [8, 0],
    [12, 0],
    [16, 262144],
    [20, 1],
  ] as const) {
    view.setUint32(offset, value, true);
  }
  at = 24;
  let microseconds = 0;
  const put = (client: number, port: number, isResponse: boolean, message: Uint8Array) => {
    if (at + 512 > chunk.length) flush();
    const length = 42 + message.length;
    microseconds += 20;
    view.setUint32(at, 1767225600 + Math.floor(microseconds / 1e6), true);
    view.setUint32(at + 4, microseconds % 1e6, true);
    view.setUint32(at + 8, length, true);
    view.setUint32(at + 12, length, true);
    at += 16;
    chunk.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0], at);
    view.setUint32(at + 14, 0x45000000 | (length - 14));
    view.setUint32(at + 18, 0);
    view.setUint32(at + 22, 0x40110000);
    view.setUint32(at + 26, isResponse ? 0xc0000235 : client);
    view.setUint32(at + 30, isResponse ? client : 0xc0000235);
    view.setUint16(at + 34, isResponse ? 53 : port);
    view.setUint16(at + 36, isResponse ? port : 53);
    view.setUint16(at + 38, 8 + message.length);
    view.setUint16(at + 40, 0);
    chunk.set(message, at + 42);
    at += length;
  };
  const waiting: { client: number; port: number; response: Uint8Array }[] = [];
  for (let i = 0; i < packets; ) {
    const client = 0x0a000000 + random.below(65536);
    const port = 1024 + random.below(64000);
    const { query, response } = dnsPair(random);
    put(client, port, false, query);
    waiting.push({ client, port, response });
    i++;
    if (waiting.length === 4 || i >= packets) {
      const next = waiting.shift()!;
      put(next.client, next.port, true, next.response);
      i++;
    }
  }
  flush();
  closeSync(file);
}

function dnsPair(random: Random): { query: Uint8Array; response: Uint8Array } {
  const name = `${LABELS[random.below(LABELS.length)]}${random.below(100000)}.${ZONES[random.below(ZONES.length)]}`;
  const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
  const id = random.below(65536);
  const question = [...labels, 0, 0, 1, 0, 1];
  const answers = 1 + random.below(2);
  const header = (flags: number, count: number) => [
    id >> 8,
    id & 255,
    flags >> 8,
    flags & 255,
    0,
    1,
    0,
    count,
    0,
    0,
    0,
    0,
  ];
  const answer = () => [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, random.below(256)];
  const records = Array.from({ length: answers }, answer).flat();
  return {
    query: Uint8Array.from([...header(0x0100, 0), ...question]),
    response: Uint8Array.from([...header(0x8180, answers), ...question, ...records]),
  };
}
