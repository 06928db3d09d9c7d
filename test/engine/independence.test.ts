import fc from "fast-check";
import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";
import { udpFrame } from "../../runtime/plugin/testing/udp-frame.js";

const resources = ["dns", "http", "flow"] as const;
const plugins = resources.map((resource) => findPlugin(registry.plugins, resource));

interface Sent {
  readonly at: number;
  readonly frame: Uint8Array;
}

const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";

/** Number of a conversation, in its ports, so that the conversations of one capture differ. */
const ends = (number: number, serverPort: number) => ({
  there: { srcPort: 20000 + number, dstPort: serverPort, srcAddress: CLIENT, dstAddress: SERVER },
  back: { srcPort: serverPort, dstPort: 20000 + number, srcAddress: SERVER, dstAddress: CLIENT },
});

/** A query and its response, after as long as it takes. */
function dnsOf(number: number, at: number, delay: number): Sent[] {
  const { there, back } = ends(number, 53);
  const message = (flags: string) => Buffer.from(`0001${flags}00010000000000000000020001`, "hex");
  return [
    { at, frame: udpFrame(message("0100"), there) },
    { at: at + delay, frame: udpFrame(message("8180"), back) },
  ];
}

/** A connection of some exchanges, of which packets may be missing. */
function httpOf(number: number, at: number, delay: number, missing: readonly number[]): Sent[] {
  const { there, back } = ends(number, 80);
  const sent: Sent[] = [];
  let client = 1000;
  let server = 5000;
  let time = at;
  const put = (isClient: boolean, text: string, flags: number) => {
    const [sequence, acknowledgement] = isClient ? [client, server] : [server, client];
    sent.push({
      at: time,
      frame: tcpFrame(Buffer.from(text), isClient ? there : back, { sequence, acknowledgement, flags }),
    });
    const length = text.length + ((flags & 3) === 0 ? 0 : 1);
    if (isClient) client += length;
    else server += length;
    time += 0.01;
  };
  put(true, "", 2);
  put(false, "", 18);
  put(true, "", 16);
  for (let i = 0; i < 3; i++) {
    put(true, `GET /${i} HTTP/1.1\r\n\r\n`, 24);
    time += delay;
    put(false, `HTTP/1.1 20${i} OK\r\nContent-Length: 3\r\n\r\nabc`, 24);
  }
  put(true, "", 17);
  put(false, "", 17);
  return sent.filter((_, index) => !missing.includes(index));
}

/** Every row of the packets, put in the order of time, without its place among others. */
function rowsOf(sent: readonly Sent[]): Record<string, RowObject[]> {
  const bench = new DecoderBench(...plugins);
  for (const { at, frame } of [...sent].sort((a, b) => a.at - b.at)) bench.frame(frame, { atSeconds: at });
  bench.endInput();
  return Object.fromEntries(
    resources.map((resource) => [
      resource,
      bench.rows(resource).map((row) => ({ ...row, id: 0, frame_number: 0, response_frame: 0 })),
    ]),
  );
}

const seconds = fc.integer({ min: 0, max: 2000 }).map((tenths) => tenths / 10);
const delay = fc.oneof(fc.constantFrom(0.005, 4.9, 5.1, 29.9, 30.1, 59.9, 60.1, 90), seconds);
const conversation = fc.oneof(
  fc.tuple(fc.constant(0), seconds, delay, fc.constant<number[]>([])),
  fc.tuple(fc.constant(1), seconds, delay, fc.array(fc.nat(10), { maxLength: 3 })),
);

it("a conversation's rows do not depend on the packets of others: how many, when, or of what", () => {
  fc.assert(
    fc.property(conversation, fc.array(conversation, { maxLength: 4 }), fc.nat(3000), (own, others, datagrams) => {
      const packetsOf = ([kind, at, delay, missing]: typeof own, number: number) =>
        kind === 0 ? dnsOf(number, at, delay) : httpOf(number, at, delay, missing);
      const alone = packetsOf(own, 0);
      const traffic: Sent[] = others.flatMap((other, i) => packetsOf(other, i + 1));
      const noise = udpFrame(new Uint8Array(20), { srcPort: 3000, dstPort: 3001, srcAddress: "192.0.2.200" });
      for (let i = 0; i < datagrams; i++) traffic.push({ at: (i * 250) / datagrams, frame: noise });
      const expected = rowsOf([...alone, { at: 0, frame: noise }, { at: 1000, frame: noise }]);
      const found = rowsOf([...alone, ...traffic, { at: 0, frame: noise }, { at: 1000, frame: noise }]);
      for (const resource of resources) {
        const ofOwn = (row: RowObject) => row["src_port"] === 20000 || row["dst_port"] === 20000;
        const sorted = (rows: RowObject[]) =>
          rows
            .filter(ofOwn)
            .map((row) => JSON.stringify(row))
            .sort();
        expect(sorted(found[resource]!)).toEqual(sorted(expected[resource]!));
      }
    }),
    {
      numRuns: 60,
      // A request that is delivered late, before the next packet, is known when that packet is counted.
      examples: [[[1, 0, 100, [6, 4, 3]], [], 313]],
    },
  );
});
