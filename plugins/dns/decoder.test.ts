import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { decodeUdp, findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type FrameOptions } from "../../runtime/plugin/testing/decoder-bench.js";
import { type DatagramEnds, udpFrame } from "../../runtime/plugin/testing/udp-frame.js";

const plugin = findPlugin(registry.plugins, "dns");

const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";
const TO_SERVER = { srcPort: 40000, dstPort: 53, srcAddress: CLIENT, dstAddress: SERVER };
const TO_CLIENT = { srcPort: 53, dstPort: 40000, srcAddress: SERVER, dstAddress: CLIENT };

/** Bytes of hex digits, in which spaces are layout. */
const hex = (...parts: readonly string[]) => Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");

// www.example.com, type A, class IN
const QUESTION = "03 777777 07 6578616d706c65 03 636f6d 00  0001 0001";
//                        id   flags, counts of questions, answers, authority, additional
const QUERY = hex("1234 0100 0001 0000 0000 0000", QUESTION);
// A pointer to the question's name, A, IN, TTL 300, four bytes
const ANSWER = "c00c 0001 0001 0000012c 0004 c0000250";
const RESPONSE = hex("1234 8180 0001 0001 0000 0000", QUESTION, ANSWER);

type Sent = readonly [Uint8Array, DatagramEnds & FrameOptions];

function rowsOf(...datagrams: readonly Sent[]) {
  const bench = new DecoderBench(plugin);
  for (const [payload, options] of datagrams) bench.udp(payload, options);
  return bench.finish();
}

describe("a transaction", () => {
  it("is one row of query and response", () => {
    expect(rowsOf([QUERY, TO_SERVER], [RESPONSE, { ...TO_CLIENT, atSeconds: 0.0125 }])).toMatchObject([
      {
        state: "COMPLETE",
        service: "DNS",
        src_address: CLIENT,
        src_port: 40000,
        dst_address: SERVER,
        dst_port: 53,
        frame_number: 1,
        response_frame: 2,
        latency: "0.012500s",
        transaction_id: 0x1234,
        opcode: "QUERY",
        recursion_desired: true,
        checking_disabled: false,
        authentic_data_desired: false,
        recursion_available: true,
        authoritative: false,
        truncated_response: false,
        authentic_data: false,
        conflict: null,
        tentative: null,
        rcode: "NOERROR",
        query_name: "www.example.com",
        query_type: "A",
        query_class: "IN",
        unicast_desired: null,
        question_count: 1,
        answer_count: 1,
        authority_count: 0,
        additional_count: 0,
        edns_version: null,
        answer_names: ["www.example.com"],
        answer_types: ["A"],
        answer_ttls: [300],
        answer_data: ["192.0.2.80"],
        malformed: false,
      },
    ]);
  });

  it("is unanswered at the end of the input", () => {
    expect(rowsOf([QUERY, TO_SERVER])).toMatchObject([
      {
        state: "UNANSWERED",
        query_name: "www.example.com",
        response_frame: null,
        latency: null,
        rcode: null,
        answer_count: null,
      },
    ]);
  });

  it("is unanswered when the response comes after its time to live, and the response unsolicited", () => {
    const bench = new DecoderBench(plugin);
    bench.udp(QUERY, TO_SERVER);
    bench.advance(29.999);
    expect(bench.rows()).toEqual([]);
    bench.advance(30.001);
    expect(bench.rows()).toMatchObject([{ state: "UNANSWERED" }]);
    bench.udp(RESPONSE, { ...TO_CLIENT, atSeconds: 30.1 });
    expect(bench.finish()).toMatchObject([{ state: "UNSOLICITED" }]);
  });

  it("has no latency where the response bears an earlier time, as frames of two interfaces may", () => {
    expect(rowsOf([QUERY, { ...TO_SERVER, atSeconds: 1 }], [RESPONSE, { ...TO_CLIENT, atSeconds: 0.5 }])).toMatchObject(
      [{ state: "COMPLETE", latency: null }],
    );
  });
});

describe("pairing", () => {
  it("makes a response without a query a row from querier to server", () => {
    expect(rowsOf([RESPONSE, TO_CLIENT])).toMatchObject([
      {
        state: "UNSOLICITED",
        src_address: CLIENT,
        src_port: 40000,
        dst_address: SERVER,
        dst_port: 53,
        frame_number: 1,
        response_frame: 1,
        latency: null,
        query_name: "www.example.com",
        recursion_desired: true,
        authentic_data_desired: null,
        answer_data: ["192.0.2.80"],
      },
    ]);
  });

  it("gives a response to the query that was sent again, which is one with the first", () => {
    const again = { ...TO_SERVER, atSeconds: 1 };
    expect(rowsOf([QUERY, TO_SERVER], [QUERY, again], [RESPONSE, { ...TO_CLIENT, atSeconds: 1.25 }])).toMatchObject([
      { state: "COMPLETE", frame_number: 1, latency: "1.250s", retransmissions: 1 },
    ]);
  });

  it("marks a second response as a repetition of the first", () => {
    expect(rowsOf([QUERY, TO_SERVER], [RESPONSE, TO_CLIENT], [RESPONSE, TO_CLIENT])).toMatchObject([
      { state: "COMPLETE", response_frame: 2 },
      { state: "REPEATED", frame_number: 3, latency: "0s" },
    ]);
  });

  it.each([
    ["another name", hex("1234 8180 0001 0001 0000 0000", QUESTION.replace("777777", "777778"), ANSWER)],
    ["another type", hex("1234 8180 0001 0000 0000 0000", QUESTION.replace("0001 0001", "001c 0001"))],
    ["another class", hex("1234 8180 0001 0000 0000 0000", QUESTION.replace("0001 0001", "0001 0003"))],
  ])("leaves a query open for its own response when one with %s comes first", (_, forged) => {
    expect(rowsOf([QUERY, TO_SERVER], [forged, TO_CLIENT], [RESPONSE, TO_CLIENT])).toMatchObject([
      { state: "UNSOLICITED", frame_number: 2, src_address: CLIENT },
      { state: "COMPLETE", frame_number: 1, response_frame: 3, answer_data: ["192.0.2.80"] },
    ]);
  });

  it("takes a name in other letters for the same one", () => {
    const shouted = hex("1234 8180 0001 0001 0000 0000", QUESTION.replace("777777", "575757"), ANSWER);
    expect(rowsOf([QUERY, TO_SERVER], [shouted, TO_CLIENT])).toMatchObject([
      { state: "COMPLETE", query_name: "www.example.com" },
    ]);
  });

  it("takes a response without a question, as of a server that did not understand the query", () => {
    const notImplemented = hex("1234 8184 0000 0000 0000 0000");
    expect(rowsOf([QUERY, TO_SERVER], [notImplemented, TO_CLIENT])).toMatchObject([
      { state: "COMPLETE", rcode: "NOTIMP", query_name: "www.example.com", question_count: 1 },
    ]);
  });

  it("does not take the response of another server or to another port", () => {
    const rows = rowsOf(
      [QUERY, TO_SERVER],
      [RESPONSE, { ...TO_CLIENT, srcAddress: "192.0.2.54" }],
      [RESPONSE, { ...TO_CLIENT, dstPort: 40001 }],
    );
    expect(rows.map(({ state }) => state)).toEqual(["UNSOLICITED", "UNSOLICITED", "UNANSWERED"]);
  });

  it("lets the oldest query go when the table is full", () => {
    const bench = new DecoderBench({ ...plugin, limits: { pendingMaxEntries: 2, pendingTtlMs: 10000 } });
    for (const id of ["0001", "0002", "0003"]) bench.udp(hex(id, "0100 0001 0000 0000 0000", QUESTION), TO_SERVER);
    expect(bench.rows()).toMatchObject([{ state: "UNANSWERED", transaction_id: 1 }]);
    expect(bench.counters().evictedRequests).toBe(1);
  });
});

describe("multicast DNS", () => {
  const GROUP = "224.0.0.251";
  const toGroup = { srcPort: 5353, dstPort: 5353, srcAddress: CLIENT, dstAddress: GROUP };
  // printer.local, A; class IN with and without the top bit
  const question = (queryClass: string) => `07 7072696e746572 05 6c6f63616c 00 0001 ${queryClass}`;
  // printer.local, A, IN with the cache-flush bit, TTL 120
  const answer = "07 7072696e746572 05 6c6f63616c 00 0001 8001 00000078 0004 c0000235";
  const response = hex("0000 8400 0000 0001 0000 0000", answer);

  it("makes each message to the group a row of its sender", () => {
    const query = hex("0000 0000 0001 0000 0000 0000", question("0001"));
    expect(rowsOf([query, toGroup], [response, { ...toGroup, srcAddress: SERVER }])).toMatchObject([
      {
        state: "MULTICAST",
        service: "MDNS",
        src_address: CLIENT,
        dst_address: GROUP,
        unicast_desired: false,
        rcode: null,
        response_frame: null,
      },
      {
        state: "MULTICAST",
        src_address: SERVER,
        dst_address: GROUP,
        rcode: "NOERROR",
        response_frame: 2,
        query_name: null,
        answer_data: ["192.0.2.53"],
      },
    ]);
  });

  it("pairs a question for a unicast response with one of any host", () => {
    const query = hex("0000 0000 0001 0000 0000 0000", question("8001"));
    const unicast = { srcPort: 5353, dstPort: 5353, srcAddress: SERVER, dstAddress: CLIENT };
    expect(rowsOf([query, toGroup], [response, unicast])).toMatchObject([
      { state: "COMPLETE", unicast_desired: true, query_class: "IN", dst_address: GROUP, answer_data: ["192.0.2.53"] },
    ]);
  });

  it("pairs the query of a simple resolver, from a port of its own", () => {
    const query = hex("0007 0000 0001 0000 0000 0000", question("0001"));
    const reply = hex("0007 8400 0001 0001 0000 0000", question("0001"), answer);
    expect(rowsOf([query, { ...toGroup, srcPort: 40000 }], [reply, { ...TO_CLIENT, srcPort: 5353 }])).toMatchObject([
      { state: "COMPLETE" },
    ]);
  });
});

it("reads the flags of LLMNR as RFC 4795, section 2.1.1 has them", () => {
  // C and T set where DNS has AA and RD
  const query = hex("1001 0000 0001 0000 0000 0000", "06 6c6170746f70 00 0001 0001");
  const response = hex("1001 8500 0001 0000 0000 0000", "06 6c6170746f70 00 0001 0001");
  const toGroup = { srcPort: 40000, dstPort: 5355, srcAddress: CLIENT, dstAddress: "224.0.0.252" };
  expect(rowsOf([query, toGroup], [response, { ...TO_CLIENT, srcPort: 5355 }])).toMatchObject([
    {
      state: "COMPLETE",
      service: "LLMNR",
      conflict: true,
      tentative: true,
      recursion_desired: null,
      checking_disabled: null,
      authoritative: null,
      recursion_available: null,
      authentic_data: null,
    },
  ]);
});

describe("EDNS", () => {
  // Root, OPT, UDP size 1232, extended rcode, version, DO, length of the options
  const opt = (extended: string, options: string) =>
    `00 0029 04d0 ${extended} 00 8000 ${(options.replaceAll(" ", "").length / 2).toString(16).padStart(4, "0")} ${options}`;
  const query = (options: string) => hex("1234 0100 0001 0000 0000 0001", QUESTION, opt("00", options));

  it("reads size, version and DO of the query", () => {
    expect(rowsOf([query(""), TO_SERVER])).toMatchObject([
      { edns_udp_size: 1232, edns_version: 0, edns_do: true, client_subnet: null },
    ]);
  });

  it.each([
    ["an IPv4 network", "0008 0007 0001 18 00 c00002", "192.0.2.0/24"],
    ["part of a byte", "0008 0007 0001 14 00 c00020", "192.0.32.0/20"],
    ["an IPv6 network", "0008 000b 0002 38 00 20010db8000001", "2001:db8:0:100::/56"],
    ["no network at all", "0008 0004 0001 00 00", "0.0.0.0/0"],
    ["a prefix that is too long", "0008 0009 0001 21 00 c000020101", null],
    ["fewer bytes than its prefix has", "0008 0006 0001 18 00 c000", null],
    ["a family that is unknown", "0008 0004 0003 00 00", null],
    ["an option that continues after the record", "0008 0009 0001 18 00 c00002", null],
    ["another option before it", "000a 0008 0102030405060708 0008 0007 0001 18 00 c00002", "192.0.2.0/24"],
  ])("reads a client subnet of %s", (_, options, expected) => {
    expect(rowsOf([query(options), TO_SERVER])).toMatchObject([{ client_subnet: expected, edns_version: 0 }]);
  });

  it("puts the upper bits of the response code before the header's, and keeps the query's size", () => {
    // BADCOOKIE, 23, is 1 and 7; a record that is none stands before OPT
    const response = hex("1234 8187 0001 0000 0000 0002", QUESTION, ANSWER, opt("01", "").replace("04d0", "1000"));
    expect(rowsOf([query(""), TO_SERVER], [response, TO_CLIENT])).toMatchObject([
      { rcode: "BADCOOKIE", edns_udp_size: 1232, additional_count: 2 },
    ]);
  });

  it("reads scope and the first extended error of the response, its text as UTF-8", () => {
    const options = "0008 0007 0001 18 10 c00002  000f 0009 000f 6120c3bc5c6200  000f 0002 0001";
    const response = hex("1234 8183 0001 0000 0000 0001", QUESTION, opt("00", options));
    expect(rowsOf([query("0008 0007 0001 18 00 c00002"), TO_SERVER], [response, TO_CLIENT])).toMatchObject([
      {
        client_subnet: "192.0.2.0/24",
        client_subnet_scope: 16,
        extended_error: 15,
        extended_error_text: "a ü\\\\b",
      },
    ]);
  });
});

describe("messages that break", () => {
  const broken = (payload: Uint8Array, options: DatagramEnds & FrameOptions = TO_SERVER) => {
    const bench = new DecoderBench(plugin);
    bench.udp(payload, options);
    const rows = bench.finish();
    const { accepted, notMine, truncated, malformed } = bench.counters();
    return { rows, accepted, notMine, truncated, malformed };
  };

  it("says truncated of fewer bytes than a header has", () => {
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

  it("leaves what breaks and counts more than it has room for to other protocols", () => {
    // A DNSCrypt query: a client's magic, its key, a nonce; a resolver's magic begins the response (DNSCrypt protocol, version 2).
    const noise = Uint8Array.from({ length: 120 }, (_, i) => (i * 151 + 77) & 255);
    const query = Buffer.concat([hex("0102 0304 9f1c a2b3"), noise]);
    const response = Buffer.concat([hex("7236 666e 7657 6a38"), noise]);
    expect(broken(query)).toMatchObject({ rows: [], notMine: 1 });
    expect(broken(response, TO_CLIENT)).toMatchObject({ rows: [], notMine: 1 });
  });

  it("says that nonsense is another protocol's", () => {
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

  it("leaves the query open when the response's question is not whole", () => {
    const cut = Buffer.concat([hex("1234 8180 0001 0000 0000 0000"), RESPONSE.subarray(12, 20)]);
    expect(rowsOf([QUERY, TO_SERVER], [cut, TO_CLIENT], [RESPONSE, TO_CLIENT])).toMatchObject([
      { state: "UNSOLICITED", malformed: true, query_name: null, src_port: 40000 },
      { state: "COMPLETE", response_frame: 3 },
    ]);
  });

  it("accepts what the capture cut after the question, and flags the row", () => {
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

describe("any bytes", () => {
  // A small table: one is made for every run.
  const small = { ...plugin, limits: { pendingMaxEntries: 4, pendingTtlMs: 10000 } };
  const ends = fc.constantFrom<DatagramEnds[]>(
    TO_SERVER,
    TO_CLIENT,
    { srcPort: 5353, dstPort: 5353, dstAddress: "224.0.0.251" },
    { srcPort: 5355, dstPort: 40000 },
  );
  const base = fc.constantFrom(
    QUERY,
    RESPONSE,
    hex(
      "1234 8180 0001 0002 0000 0001",
      QUESTION,
      ANSWER,
      ANSWER,
      "00 0029 04d0 00 00 8000 000b 0008 0007 0001 18 00 c00002",
    ),
    hex(
      "1234 8180 0001 0001 0000 0000",
      QUESTION,
      "c00c 0041 0001 0000012c 0013 0001 00 0001 0003 02 6832 0004 0004 c0000201",
    ),
  );
  const mutated = fc
    .tuple(base, fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }), fc.nat(200))
    .map(([message, changes, length]) => {
      const copy = Uint8Array.from(message);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return copy.subarray(0, Math.max(0, copy.length - (length > 150 ? length - 150 : 0)));
    });

  it("give one verdict each, never an error, and rows of printable text with lists in step", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(mutated, mutated, fc.uint8Array({ maxLength: 120 })), ends), {
          minLength: 1,
          maxLength: 6,
        }),
        (datagrams) => {
          const bench = new DecoderBench(small);
          for (const [payload, options] of datagrams) bench.udp(payload, options);
          const rows = bench.finish();
          const { accepted, notMine, truncated, malformed } = bench.counters();
          expect(accepted + notMine + truncated + malformed).toBe(datagrams.length);
          for (const row of rows) {
            expect(JSON.stringify(row)).toMatch(/^[ -~\u00a0-\u{10ffff}]*$/u);
            for (const section of ["answer", "authority", "additional"]) {
              const lists = ["names", "types", "ttls", "data"].map(
                (list) => (row[`${section}_${list}`] as unknown[]).length,
              );
              expect(new Set(lists).size).toBe(1);
            }
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("are read up to the end of the datagram only: what lies behind changes nothing", () => {
    fc.assert(
      fc.property(mutated, ends, fc.uint8Array({ minLength: 30, maxLength: 30 }), (payload, options, noise) => {
        const plain = new DecoderBench(small);
        plain.udp(payload, options);
        const followed = new DecoderBench(small);
        followed.udpFollowedBy(payload, noise, options);
        expect(followed.finish()).toEqual(plain.finish());
        expect(followed.counters()).toEqual(plain.counters());
      }),
      { numRuns: 1500 },
    );
  });
});

it("reads what the first fragment has of a response whose others do not come", () => {
  const bench = new DecoderBench(plugin);
  bench.udp(QUERY, TO_SERVER);
  const whole = udpFrame(Buffer.concat([RESPONSE, Buffer.alloc(200)]), TO_CLIENT);
  // Ethernet, IPv4, and 64 bytes of UDP; total length, and more fragments follow (RFC 791, section 3.1).
  const first = Buffer.from(whole.subarray(0, 14 + 20 + 64));
  first.writeUInt16BE(20 + 64, 16);
  first.writeUInt16BE(0x2000, 20);
  bench.frame(first, { atSeconds: 0.5 });
  // Another conversation's time goes on.
  bench.udp(QUERY, { ...TO_SERVER, srcPort: 40001, atSeconds: 40 });
  bench.udp(QUERY, { ...TO_SERVER, srcPort: 40002, atSeconds: 41 });
  expect(bench.finish().filter((row) => row["src_port"] === 40000)).toMatchObject([
    { state: "COMPLETE", latency: "0.500s", truncated: true, malformed: false, answer_data: ["192.0.2.80"] },
  ]);
});
