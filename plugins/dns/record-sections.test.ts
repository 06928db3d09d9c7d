import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type FrameOptions } from "../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../runtime/plugin/testing/tcp-conversation.js";
import type { DatagramEnds } from "../../runtime/plugin/testing/udp-frame.js";

const plugin = findPlugin(registry.plugins, "dns");

const TO_SERVER = { srcPort: 40000, dstPort: 53, srcAddress: "192.0.2.1", dstAddress: "192.0.2.53" };
const TO_CLIENT = { srcPort: 53, dstPort: 40000, srcAddress: "192.0.2.53", dstAddress: "192.0.2.1" };
const TO_GROUP = { srcPort: 5353, dstPort: 5353, srcAddress: "192.0.2.1", dstAddress: "224.0.0.251" };

/** Bytes of hex digits, in which spaces are layout. */
const hex = (...parts: readonly string[]) => Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");

// example.com at offset 12, type ANY and class IN; www.example.com by a pointer.
const ZONE = "07 6578616d706c65 03 636f6d 00";
const QUESTION = `${ZONE} 00ff 0001`;
const WWW = "03 777777 c00c";
// An address, a name server and an address of it: 300, 3600 and 7200 seconds.
const A = `${WWW} 0001 0001 0000012c 0004 c0000250`;
const NS = "c00c 0002 0001 00000e10 0005 02 6e73 c00c";
const GLUE = "02 6e73 c00c 0001 0001 00001c20 0004 c0000235";
const EDNS = "00 0029 04d0 00 00 8000 0000";

function rowsOf(...datagrams: readonly (readonly [Uint8Array, DatagramEnds & FrameOptions])[]) {
  const bench = new DecoderBench(plugin);
  for (const [payload, options] of datagrams) bench.udp(payload, options);
  return bench.finish();
}

describe("sections of a response", () => {
  it("are lists of their own, the additional one without EDNS", () => {
    const query = hex("1234 0100 0001 0000 0000 0001", QUESTION, EDNS);
    for (const additional of [GLUE + EDNS, EDNS + GLUE]) {
      const response = hex("1234 8180 0001 0001 0001 0002", QUESTION, A, NS, additional);
      expect(rowsOf([query, TO_SERVER], [response, TO_CLIENT])).toMatchObject([
        {
          state: "COMPLETE",
          malformed: false,
          answer_count: 1,
          answer_names: ["www.example.com"],
          answer_data: ["192.0.2.80"],
          authority_count: 1,
          authority_names: ["example.com"],
          authority_types: ["NS"],
          authority_ttls: [3600],
          authority_data: ["ns.example.com"],
          additional_count: 2,
          additional_names: ["ns.example.com"],
          additional_types: ["A"],
          additional_ttls: [7200],
          additional_data: ["192.0.2.53"],
          edns_do: true,
        },
      ]);
    }
  });

  it("have 32 items at most, and the flag where there are more", () => {
    const response = hex("1234 8180 0001 0000 0028 0028", QUESTION, NS.repeat(40), GLUE.repeat(40));
    const [row] = rowsOf([response, TO_CLIENT]);
    expect(row).toMatchObject({ authority_count: 40, additional_count: 40, limit_reached: true, malformed: false });
    for (const list of ["names", "types", "ttls", "data"]) {
      expect(row![`authority_${list}`]).toHaveLength(32);
      expect(row![`additional_${list}`]).toHaveLength(32);
    }
  });

  it.each([
    ["the authority section", "0001 0002", NS + NS.slice(0, -4), { authority_types: ["NS"], additional_types: [] }],
    ["the additional section", "0001 0002", NS + GLUE + GLUE.slice(0, -4), { additional_types: ["A"] }],
    ["EDNS", "0001 0002", NS + GLUE + EDNS.slice(0, -4), { additional_types: ["A"], edns_do: null }],
  ])("that break off in %s have what stands before", (_, counts, records, expected) => {
    const response = hex("1234 8180 0001 0000", counts, QUESTION, records);
    expect(rowsOf([response, TO_CLIENT])).toMatchObject([
      { malformed: true, authority_names: ["example.com"], ...expected },
    ]);
  });
});

it("a second EDNS record breaks the format, and is not listed", () => {
  const response = hex("1234 8180 0001 0000 0000 0002", QUESTION, EDNS, EDNS);
  expect(rowsOf([response, TO_CLIENT])).toMatchObject([{ malformed: true, edns_do: true, additional_types: [] }]);
});

describe("records of a query", () => {
  // RFC 2136, sections 2.4 and 2.5: example.com must exist; delete every address of www, add one.
  const ZONE_OF_UPDATE = `${ZONE} 0006 0001`;
  const EXISTS = "c00c 00ff 00ff 00000000 0000";
  const DELETED = `${WWW} 0001 00ff 00000000 0000`;
  const UPDATE = hex("1234 2800 0001 0001 0002 0000", ZONE_OF_UPDATE, EXISTS, DELETED, A);

  it("are an update's prerequisites and updates, with its response's code", () => {
    const update = {
      opcode: "UPDATE",
      query_name: "example.com",
      query_type: "SOA",
      malformed: false,
      answer_count: 1,
      answer_names: ["example.com"],
      answer_types: ["ANY"],
      authority_count: 2,
      authority_names: ["www.example.com", "www.example.com"],
      authority_types: ["A", "A"],
      authority_ttls: [0, 300],
      authority_data: ["\\# 0", "192.0.2.80"],
    };
    expect(rowsOf([UPDATE, TO_SERVER])).toMatchObject([{ ...update, state: "UNANSWERED", rcode: null }]);
    // Servers return the whole message, or its header alone (section 3.8).
    const whole = Buffer.from(UPDATE);
    whole[2] = 0xa8;
    whole[3] = 5;
    for (const response of [whole, hex("1234 a805 0000 0000 0000 0000")]) {
      expect(rowsOf([UPDATE, TO_SERVER], [response, TO_CLIENT])).toMatchObject([
        { ...update, state: "COMPLETE", rcode: "REFUSED" },
      ]);
    }
  });

  it("give way to the response's elsewhere", () => {
    // A notification with the new SOA (RFC 1996, section 3.7), here an address in its place.
    const notification = hex("1234 2400 0001 0001 0000 0001", QUESTION, A, GLUE);
    expect(rowsOf([notification, TO_SERVER])).toMatchObject([
      { state: "UNANSWERED", opcode: "NOTIFY", answer_count: 1, answer_types: ["A"], additional_types: ["A"] },
    ]);
    const response = hex("1234 a400 0001 0000 0001 0000", QUESTION, NS);
    expect(rowsOf([notification, TO_SERVER], [response, TO_CLIENT])).toMatchObject([
      { state: "COMPLETE", answer_count: 0, answer_types: [], authority_types: ["NS"], additional_types: [] },
    ]);
  });

  it("are the known answers and the proposed records of multicast DNS", () => {
    // RFC 6762, sections 7.1 and 8.2; the cache-flush bit is not part of the class.
    const query = hex("0000 0000 0001 0001 0001 0000", QUESTION, A, GLUE.replace("0001 0001", "0001 8001"));
    expect(rowsOf([query, TO_GROUP])).toMatchObject([
      { state: "MULTICAST", rcode: null, answer_count: 1, answer_data: ["192.0.2.80"], authority_data: ["192.0.2.53"] },
    ]);
  });

  it("are absent if it has none", () => {
    const query = hex("1234 0100 0001 0000 0000 0001", QUESTION, EDNS);
    expect(rowsOf([query, TO_SERVER])).toMatchObject([
      { answer_count: null, authority_count: null, additional_count: null, additional_types: [] },
    ]);
  });
});

it("multicast DNS over TCP is a transaction", () => {
  const bench = new DecoderBench(plugin);
  const connection = new TcpConversation(bench, { serverPort: 5353 });
  const message = (text: Buffer) => Buffer.concat([Buffer.from([0, text.length]), text]);
  connection.open();
  connection.client(message(hex("0000 0000 0001 0000 0000 0000", ZONE, "00ff 8001")));
  connection.server(
    message(hex("0000 8400 0000 0001 0000 0000", "07 6578616d706c65 03 636f6d 00", "0001 8001 00000078 0004 c0000250")),
  );
  connection.close();
  expect(bench.finish()).toMatchObject([
    {
      state: "COMPLETE",
      service: "MDNS",
      transport: "TCP",
      dst_port: 5353,
      query_name: "example.com",
      query_class: "IN",
      unicast_desired: true,
      answer_data: ["192.0.2.80"],
    },
  ]);
});
