import { describe, expect, it } from "vitest";
import { decodeUdp } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type FrameOptions } from "../../runtime/plugin/testing/decoder-bench.js";
import { type DatagramEnds, udpFrame } from "../../runtime/plugin/testing/udp-frame.js";
import { ANSWER, hex, plugin, QUERY, QUESTION, RESPONSE, rowsOf, TO_CLIENT, TO_SERVER } from "./testing/messages.js";

describe("messages that break", () => {
  const broken = (payload: Uint8Array, options: DatagramEnds & FrameOptions = TO_SERVER) => {
    const bench = new DecoderBench(plugin);
    bench.udp(payload, options);
    const rows = bench.finish();
    const { accepted, notMine, truncated, malformed } = bench.counters();
    return { rows, accepted, notMine, truncated, malformed };
  };

  it("counts fewer bytes than a header has as truncated", () => {
    expect(broken(QUERY.subarray(0, 11))).toMatchObject({ rows: [], truncated: 1 });
  });

  it("keeps a query that breaks in its question", () => {
    const inName = hex("1234 0100 0001 0000 0000 0000", "c00c 0001 0001");
    for (const [query, name] of [
      [QUERY.subarray(0, -1), "www.example.com"],
      [QUERY.subarray(0, 16), null],
      [QUERY.subarray(0, 12), null],
      [inName, null],
    ] as const) {
      const rows = [
        { state: "UNANSWERED", transaction_id: 0x1234, query_name: name, query_type: null, malformed: true },
      ];
      expect(broken(query)).toMatchObject({ rows, malformed: 1 });
    }
    // Cut by the capture: the header and three bytes.
    const rows = [{ state: "UNANSWERED", query_name: null, malformed: false, truncated: true }];
    expect(broken(QUERY, { ...TO_SERVER, capturedBytes: 42 + 15 })).toMatchObject({ rows, accepted: 1 });
  });

  it("leaves a broken message that counts more records than it has room for to other protocols", () => {
    // A DNSCrypt query: a client's magic, its key, a nonce; a resolver's magic begins the response (DNSCrypt protocol, version 2).
    const noise = Uint8Array.from({ length: 120 }, (_, i) => (i * 151 + 77) & 255);
    const query = Buffer.concat([hex("0102 0304 9f1c a2b3"), noise]);
    const response = Buffer.concat([hex("7236 666e 7657 6a38"), noise]);
    expect(broken(query)).toMatchObject({ rows: [], notMine: 1 });
    expect(broken(response, TO_CLIENT)).toMatchObject({ rows: [], notMine: 1 });
  });

  it("leaves nonsense to other protocols", () => {
    // Z set and 65535 answers in an empty message; operation 15 likewise
    expect(broken(hex("ffff 0040 0000 ffff 0000 0000"))).toMatchObject({ rows: [], notMine: 1 });
    expect(broken(hex("ffff 7800 ffff 0000 0000 0000"))).toMatchObject({ rows: [], notMine: 1 });
  });

  it.each([
    ["an answer that is cut", hex("1234 8180 0001 0002 0000 0000", QUESTION, ANSWER, ANSWER.slice(0, -4))],
    ["fewer answers than it counts", hex("1234 8180 0001 0002 0000 0000", QUESTION, ANSWER)],
    [
      "an answer whose name points forward",
      hex("1234 8180 0001 0002 0000 0000", QUESTION, ANSWER, ANSWER.replace("c00c", "c0ff")),
    ],
    [
      "an answer whose data leaves the message",
      hex("1234 8180 0001 0002 0000 0000", QUESTION, ANSWER, ANSWER.replace("0004", "0005")),
    ],
  ])("keeps the transaction and the answers before the break: %s", (_, response) => {
    const bench = new DecoderBench(plugin);
    bench.udp(QUERY, TO_SERVER);
    bench.udp(response, TO_CLIENT);
    expect(bench.finish()).toMatchObject([
      {
        state: "COMPLETE",
        malformed: true,
        answer_count: 2,
        answer_names: ["www.example.com"],
        answer_data: ["192.0.2.80"],
      },
    ]);
    expect(bench.counters()).toMatchObject({ accepted: 1, malformed: 1 });
  });

  it("leaves the query open when the response's question is not complete", () => {
    const cut = Buffer.concat([hex("1234 8180 0001 0000 0000 0000"), RESPONSE.subarray(12, 20)]);
    expect(rowsOf([QUERY, TO_SERVER], [cut, TO_CLIENT], [RESPONSE, TO_CLIENT])).toMatchObject([
      { state: "UNSOLICITED", malformed: true, query_name: null, src_port: 40000 },
      { state: "COMPLETE", response_frame: 3 },
    ]);
  });

  it("accepts a message that the capture truncated after the question, and flags the row", () => {
    const header = 14 + 20 + 8;
    const cut = { ...TO_CLIENT, capturedBytes: header + RESPONSE.length - 4 };
    const bench = new DecoderBench(plugin);
    bench.udp(QUERY, TO_SERVER);
    bench.udp(RESPONSE, cut);
    expect(bench.finish()).toMatchObject([
      { state: "COMPLETE", truncated: true, malformed: false, answer_count: 1, answer_data: [] },
    ]);
    expect(bench.counters()).toMatchObject({ accepted: 2 });
    const inQuestion = { ...TO_CLIENT, capturedBytes: header + 20 };
    expect(rowsOf([QUERY, TO_SERVER], [RESPONSE, inQuestion])).toMatchObject([
      { state: "COMPLETE", query_name: "www.example.com", answer_count: 1, truncated: true, malformed: false },
    ]);
    expect(broken(RESPONSE, inQuestion)).toMatchObject({
      rows: [{ state: "UNSOLICITED", truncated: true, query_name: null, rcode: "NOERROR" }],
      accepted: 1,
    });
  });

  it("lists 64 answers, counts all, finds EDNS after them and flags the row", () => {
    const response = hex("1234 8180 0001 0046 0000 0001", QUESTION, ANSWER.repeat(70), "00 0029 04d0 01 00 0000 0000");
    const [row] = decodeUdp(plugin, response, TO_CLIENT);
    expect(row).toMatchObject({ answer_count: 70, limit_reached: true, rcode: "BADVERS" });
    for (const list of ["answer_names", "answer_types", "answer_ttls", "answer_data"])
      expect(row![list]).toHaveLength(64);
  });
});

it("reads the first fragment of a response whose other fragments are missing", () => {
  const bench = new DecoderBench(plugin);
  bench.udp(QUERY, TO_SERVER);
  const whole = udpFrame(Buffer.concat([RESPONSE, Buffer.alloc(200)]), TO_CLIENT);
  // Ethernet, IPv4, and 64 bytes of UDP; total length, and more fragments follow (RFC 791, section 3.1).
  const first = Buffer.from(whole.subarray(0, 14 + 20 + 64));
  first.writeUInt16BE(20 + 64, 16);
  first.writeUInt16BE(0x2000, 20);
  bench.frame(first, { atSeconds: 0.5 });
  // Datagrams of other conversations advance the time.
  bench.udp(QUERY, { ...TO_SERVER, srcPort: 40001, atSeconds: 40 });
  bench.udp(QUERY, { ...TO_SERVER, srcPort: 40002, atSeconds: 41 });
  expect(bench.finish().filter((row) => row["src_port"] === 40000)).toMatchObject([
    { state: "COMPLETE", latency: "0.500s", truncated: true, malformed: false, answer_data: ["192.0.2.80"] },
  ]);
});
