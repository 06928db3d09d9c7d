import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import {
  ANSWER,
  CLIENT,
  hex,
  plugin,
  QUERY,
  QUESTION,
  RESPONSE,
  rowsOf,
  SERVER,
  TO_CLIENT,
  TO_SERVER,
} from "./testing/messages.js";

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

  it("has no latency where the time of the response is earlier, as with frames of two interfaces", () => {
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

  it("pairs a response with the first of a query's retransmissions", () => {
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

  it("compares names without regard to upper and lower case", () => {
    const shouted = hex("1234 8180 0001 0001 0000 0000", QUESTION.replace("777777", "575757"), ANSWER);
    expect(rowsOf([QUERY, TO_SERVER], [shouted, TO_CLIENT])).toMatchObject([
      { state: "COMPLETE", query_name: "www.example.com" },
    ]);
  });

  it("accepts a response without a question, as of a server that did not understand the query", () => {
    const notImplemented = hex("1234 8184 0000 0000 0000 0000");
    expect(rowsOf([QUERY, TO_SERVER], [notImplemented, TO_CLIENT])).toMatchObject([
      { state: "COMPLETE", rcode: "NOTIMP", query_name: "www.example.com", question_count: 1 },
    ]);
  });

  it("does not pair the response of another server or to another port", () => {
    const rows = rowsOf(
      [QUERY, TO_SERVER],
      [RESPONSE, { ...TO_CLIENT, srcAddress: "192.0.2.54" }],
      [RESPONSE, { ...TO_CLIENT, dstPort: 40001 }],
    );
    expect(rows.map(({ state }) => state)).toEqual(["UNSOLICITED", "UNSOLICITED", "UNANSWERED"]);
  });

  it("evicts the oldest query when the table is full", () => {
    const bench = new DecoderBench({ ...plugin, limits: { pendingMaxEntries: 2, pendingTtlMs: 10000 } });
    for (const id of ["0001", "0002", "0003"]) bench.udp(hex(id, "0100 0001 0000 0000 0000", QUESTION), TO_SERVER);
    expect(bench.rows()).toMatchObject([{ state: "UNANSWERED", transaction_id: 1 }]);
    expect(bench.counters().evictedRequests).toBe(1);
  });
});
