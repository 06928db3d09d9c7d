import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { TagRule } from "../../runtime/engine/conversation/tag-rule.js";
import { TcpFlag } from "../../runtime/packet/tcp-flag.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { type BenchConfiguration, DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { tcpFrame } from "../../runtime/plugin/testing/tcp-frame.js";
import { udpFrame } from "../../runtime/plugin/testing/udp-frame.js";

const dns = findPlugin(registry.plugins, "dns");
const flow = findPlugin(registry.plugins, "flow");

const CLIENT = "10.0.0.1";
const SERVER = "10.0.0.2";
const THERE = { srcPort: 40000, dstPort: 53, srcAddress: CLIENT, dstAddress: SERVER };
const BACK = { srcPort: 53, dstPort: 40000, srcAddress: SERVER, dstAddress: CLIENT };

/** A query for the root's name servers, and its answer without records. */
const query = Buffer.from("0001010000010000000000000000020001", "hex");
const response = Buffer.from("0001818000010000000000000000020001", "hex");

/** The frame in a VLAN, or in an MPLS label as a number above 4095; as it is for 0. */
function tagged(frame: Uint8Array, tag: number): Uint8Array {
  if (tag === 0) return frame;
  const inserted = Buffer.alloc(4);
  if (tag < 4096) {
    inserted.writeUInt16BE(0x8100, 0);
    inserted.writeUInt16BE(tag, 2);
    return Buffer.concat([frame.subarray(0, 12), inserted, frame.subarray(12)]);
  }
  // The label, bottom of the stack, time to live.
  inserted.writeUInt32BE((tag << 12) | 0x1ff, 0);
  return Buffer.concat([frame.subarray(0, 12), Buffer.from([0x88, 0x47]), inserted, frame.subarray(14)]);
}

const asked = (tag: number) => tagged(udpFrame(query, THERE), tag);
const answered = (tag: number) => tagged(udpFrame(response, BACK), tag);

function rowsOf(frames: readonly Uint8Array[], configuration: BenchConfiguration = {}) {
  const bench = DecoderBench.configured(configuration, dns, flow);
  for (const frame of frames) bench.frame(frame);
  bench.endInput();
  const of = (resource: string) =>
    bench.rows(resource).map((row) => [row["state"] ?? row["conn_state"], row["vlan_id"], row["reverse_tags"]]);
  return { dns: of("dns"), flow: of("flow") };
}

const one = (state: string, tag: number, reverse: string[]) => [[state, tag, reverse]];

describe("directions under different tags", () => {
  it.each([
    [100, 0, 100, ["untagged"]],
    [0, 100, 0, ["vlan:100"]],
    [100, 200, 100, ["vlan:200"]],
    [4100, 0, 0, ["untagged"]],
    [0, 4100, 0, ["mpls:4100"]],
  ])("%d and %d are one conversation", (there, back, vlan, reverse) => {
    const { dns: queries, flow: flows } = rowsOf([asked(there), answered(back)]);
    expect(queries).toEqual(one("COMPLETE", vlan, reverse));
    expect(flows).toEqual(one("SF", vlan, reverse));
  });

  it("are not joined where several wait for theirs: which one is meant is not known", () => {
    const { dns: queries, flow: flows } = rowsOf([asked(10), asked(30), answered(20), answered(40)]);
    expect(queries).toEqual([
      ["UNSOLICITED", 20, []],
      ["UNSOLICITED", 40, []],
      ["UNANSWERED", 10, []],
      ["UNANSWERED", 30, []],
    ]);
    expect(flows).toEqual([
      ["S0", 10, []],
      ["S0", 30, []],
      ["SHR", 20, []],
      ["SHR", 40, []],
    ]);
    // One after the other they are two conversations, each with its own directions.
    expect(rowsOf([asked(10), answered(20), asked(30), answered(40)]).dns).toEqual([
      ["COMPLETE", 10, ["vlan:20"]],
      ["COMPLETE", 30, ["vlan:40"]],
    ]);
  });

  it("are two where that is wanted", () => {
    const { dns: queries, flow: flows } = rowsOf([asked(100), answered(200)], { tagRule: TagRule.Strict });
    expect(queries).toEqual([
      ["UNSOLICITED", 200, []],
      ["UNANSWERED", 100, []],
    ]);
    expect(flows).toEqual([
      ["S0", 100, []],
      ["SHR", 200, []],
    ]);
  });

  it("are joined in either order", () => {
    expect(rowsOf([answered(200), asked(100)]).flow).toEqual([["SF", 100, ["vlan:200"]]]);
  });
});

describe("customers of the same addresses", () => {
  it("stay apart, in whichever order their packets come", () => {
    const tags = [0, 100, 200, 300, 4100, 4200];
    const order = fc.shuffledSubarray(tags, { minLength: tags.length });
    const vlanOf = (tag: number) => (tag < 4096 ? tag : 0);
    fc.assert(
      fc.property(order, order, (there, back) => {
        const { dns: queries, flow: flows } = rowsOf([...there.map(asked), ...back.map(answered)]);
        expect(queries.sort()).toEqual(tags.map((tag) => ["COMPLETE", vlanOf(tag), []]).sort());
        expect(flows.sort()).toEqual(tags.map((tag) => ["SF", vlanOf(tag), []]).sort());
      }),
    );
  });

  it("are one where tags are to be omitted", () => {
    const frames = [asked(100), answered(100), asked(200), answered(200)];
    expect(rowsOf(frames, { tagRule: TagRule.Ignore }).flow).toHaveLength(1);
  });

  it("cost the same however many they are", () => {
    const frames = Array.from({ length: 2000 }, (_, i) => asked(i + 1));
    const bench = DecoderBench.configured({ limits: { conversations: 4096 } }, dns, flow);
    for (const frame of frames) bench.frame(frame);
    for (let i = 0; i < 2000; i++) bench.frame(answered(2000 - i));
    bench.endInput();
    expect(bench.rows("flow").every((row) => row["conn_state"] === "SF")).toBe(true);
    expect(bench.rows("dns")).toHaveLength(2000);
  });
});

describe("a TCP connection on the ports of another", () => {
  const ends = { ...THERE, dstPort: 9000 };
  const back = { ...BACK, srcPort: 9000 };
  const { Syn, Ack, Fin, Rst } = TcpFlag;
  const there = (flags: number, sequence: number, acknowledgement = 0) =>
    tcpFrame(new Uint8Array(0), ends, { flags, sequence, acknowledgement });
  const reply = (flags: number, sequence: number, acknowledgement = 0) =>
    tcpFrame(new Uint8Array(0), back, { flags, sequence, acknowledgement });
  const opening = (sequence: number) => [
    there(Syn, sequence),
    reply(Syn | Ack, 5000 + sequence, sequence + 1),
    there(Ack, sequence + 1, 5001 + sequence),
  ];
  const states = (frames: readonly Uint8Array[]) => rowsOf(frames).flow.map(([state]) => state);

  it("begins with a SYN of another number, whether the one before it closed or not", () => {
    expect(states([...opening(1000), ...opening(90000)])).toEqual(["S1", "S1"]);
    expect(states([...opening(1000), reply(Rst, 6001), ...opening(90000)])).toEqual(["RSTR", "S1"]);
  });

  it("does not begin with a SYN that comes again, or late", () => {
    expect(states([there(Syn, 1000), ...opening(1000)])).toEqual(["S1"]);
    const [syn, ...others] = opening(1000);
    expect(states([...others, there(Fin | Ack, 1001, 6001), reply(Fin | Ack, 6001, 1002), syn!])).toEqual(["SF"]);
    // Of one under way the SYN comes last.
    expect(states([there(Ack, 1001, 6001), syn!])).toHaveLength(1);
    expect(states([there(Ack, 1001, 6001), there(Syn, 900_000)])).toHaveLength(2);
  });

  it("has the side that opened it as its source, whichever was seen first", () => {
    const [syn, synAck, ack] = opening(1000);
    for (const frames of [[syn!, synAck!], [synAck!, ack!], [synAck!, syn!], [synAck!]]) {
      const bench = new DecoderBench(flow);
      for (const frame of frames) bench.frame(frame);
      expect(bench.finish()).toMatchObject([{ src_address: CLIENT, src_port: 40000, dst_port: 9000 }]);
    }
  });
});

describe("timeouts", () => {
  const { Syn, Ack } = TcpFlag;
  const tcp = (flags: number) => tcpFrame(new Uint8Array(0), { ...THERE, dstPort: 9000 }, { flags, sequence: 7 });

  it.each([
    ["a datagram", udpFrame(new Uint8Array(1), { ...THERE, dstPort: 9000 }), 60],
    ["a SYN", tcp(Syn), 120],
    ["TCP under way", tcp(Ack), 600],
  ])("end a conversation after %s", (_, frame, seconds) => {
    for (const [after, rows] of [
      [seconds - 0.1, 1],
      [seconds, 2],
    ] as const) {
      const bench = DecoderBench.configured({ settings: { "flow.active_timeout": "1000" } }, flow);
      bench.frame(frame, { atSeconds: 0 });
      bench.frame(frame, { atSeconds: after });
      expect(bench.finish()).toHaveLength(rows);
    }
  });
});

it.each([0, 100, 4100])("a copy of a query that is captured under tag %d is counted on the row", (tag) => {
  const bench = DecoderBench.configured({ limits: { duplicate_window_us: 2000 } }, dns);
  bench.frame(asked(0), { atSeconds: 0 });
  bench.frame(asked(tag), { atSeconds: 0.0001 });
  bench.frame(answered(0), { atSeconds: 0.1 });
  expect(bench.finish()).toMatchObject([{ state: "COMPLETE", duplicates: 1, vlan_id: 0, reverse_tags: [] }]);
});

it.each([
  ["10.0.0.1", "10.0.0.2"],
  ["10.0.0.2", "10.0.0.1"],
])("rows of a stream from %s to %s have the tags of the server's direction as the reverse ones", (client, server) => {
  const { Syn, Ack } = TcpFlag;
  const there = { srcAddress: client, dstAddress: server, srcPort: 40000, dstPort: 80 };
  const back = { srcAddress: server, dstAddress: client, srcPort: 80, dstPort: 40000 };
  const request = Buffer.from("GET / HTTP/1.1\r\n\r\n");
  const unanswered = Buffer.from("GET /2 HTTP/1.1\r\n\r\n");
  const answer = Buffer.from("HTTP/1.1 204 No Content\r\n\r\n");
  const none = new Uint8Array(0);
  const fromClient = (bytes: Uint8Array, sequence: number, acknowledgement: number, flags: number) =>
    tagged(tcpFrame(bytes, there, { sequence, acknowledgement, flags }), 10);
  const fromServer = (bytes: Uint8Array, sequence: number, acknowledgement: number, flags: number) =>
    tagged(tcpFrame(bytes, back, { sequence, acknowledgement, flags }), 11);
  const bench = new DecoderBench(findPlugin(registry.plugins, "http"));
  const next = 101 + request.length;
  for (const frame of [
    fromClient(none, 100, 0, Syn),
    fromServer(none, 200, 101, Syn | Ack),
    fromClient(request, 101, 201, Ack),
    fromServer(answer, 201, next, Ack),
    fromClient(unanswered, next, 201 + answer.length, Ack),
  ]) {
    bench.frame(frame);
  }
  const rows = bench.finish().map((row) => [row["state"], row["vlan_id"], row["reverse_tags"]]);
  expect(rows).toEqual([
    ["COMPLETE", 10, ["vlan:11"]],
    ["UNANSWERED", 10, ["vlan:11"]],
  ]);
});
