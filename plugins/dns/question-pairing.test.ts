import { describe, expect, it } from "vitest";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { ANSWER, hex, plugin, QUERY, QUESTION, RESPONSE, rowsOf, TO_CLIENT, TO_SERVER } from "./testing/messages.js";

/** {@link QUESTION} of type AAAA. */
const QUESTION_AAAA = QUESTION.replace("0001 0001", "001c 0001");
const QUERY_AAAA = hex("1234 0100 0001 0000 0000 0000", QUESTION_AAAA);
/** The answer: a pointer to the question's name, AAAA, IN, TTL 300, 2001:db8::1. */
const RESPONSE_AAAA = hex(
  "1234 8180 0001 0001 0000 0000",
  QUESTION_AAAA,
  "c00c 001c 0001 0000012c 0010 20010db8 00000000 00000000 00000001",
);
const NOT_IMPLEMENTED = hex("1234 8184 0000 0000 0000 0000");

describe("two queries of one id on one socket", () => {
  it.each([
    ["in their order", [RESPONSE, RESPONSE_AAAA]],
    ["in the other order", [RESPONSE_AAAA, RESPONSE]],
  ])("are each paired with the response to their question, which come %s", (_, responses) => {
    const rows = rowsOf(
      [QUERY, TO_SERVER],
      [QUERY_AAAA, { ...TO_SERVER, atSeconds: 0.001 }],
      ...responses.map((response) => [response, { ...TO_CLIENT, atSeconds: 0.01 }] as const),
    );
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ state: "COMPLETE", frame_number: 1, query_type: "A", answer_data: ["192.0.2.80"] }),
        expect.objectContaining({
          state: "COMPLETE",
          frame_number: 2,
          query_type: "AAAA",
          answer_data: ["2001:db8::1"],
          retransmissions: 0,
        }),
      ]),
    );
  });

  it("are each sent again", () => {
    const rows = rowsOf(
      [QUERY, TO_SERVER],
      [QUERY_AAAA, TO_SERVER],
      [QUERY, { ...TO_SERVER, atSeconds: 1 }],
      [QUERY_AAAA, { ...TO_SERVER, atSeconds: 1 }],
      [RESPONSE, TO_CLIENT],
      [RESPONSE_AAAA, TO_CLIENT],
    );
    expect(rows).toMatchObject([
      { state: "COMPLETE", query_type: "A", frame_number: 1, retransmissions: 1, latency: "1s" },
      { state: "COMPLETE", query_type: "AAAA", frame_number: 2, retransmissions: 1, latency: "1s" },
    ]);
  });

  it("are both answered by responses that leave the question out", () => {
    const rows = rowsOf(
      [QUERY, TO_SERVER],
      [QUERY_AAAA, TO_SERVER],
      [NOT_IMPLEMENTED, TO_CLIENT],
      [NOT_IMPLEMENTED, TO_CLIENT],
    );
    expect(rows.map(({ state, query_type, rcode }) => [state, query_type, rcode])).toEqual([
      ["COMPLETE", "AAAA", "NOTIMP"],
      ["COMPLETE", "A", "NOTIMP"],
    ]);
  });

  it("are the same question where only the case of its letters differs", () => {
    const shouted = hex("1234 0100 0001 0000 0000 0000", QUESTION.replace("777777", "575757"));
    expect(rowsOf([QUERY, TO_SERVER], [shouted, TO_SERVER], [RESPONSE, TO_CLIENT])).toMatchObject([
      { state: "UNANSWERED", frame_number: 1 },
      { state: "COMPLETE", frame_number: 2 },
    ]);
  });

  it("make room for others of their id beyond a bound, so that no lookup is long", () => {
    const bench = new DecoderBench(plugin);
    for (let type = 1; type <= 1000; type++) {
      const question = QUESTION.replace("0001 0001", `${type.toString(16).padStart(4, "0")} 0001`);
      bench.udp(hex("1234 0100 0001 0000 0000 0000", question), TO_SERVER);
    }
    expect(bench.rows().map(({ state }) => state)).toEqual(Array<string>(1000 - 64).fill("UNANSWERED"));
    expect(bench.counters().evictedRequests).toBe(1000 - 64);
    expect(bench.finish()).toHaveLength(64);
  });
});

describe("a second response of an answered query's id", () => {
  it.each([
    ["to another question is unsolicited", RESPONSE_AAAA, "UNSOLICITED", null],
    [
      "whose question cannot be read is unsolicited",
      hex("1234 8180 0001 0001 0000 0000 80", "00".repeat(20)),
      "UNSOLICITED",
      null,
    ],
    ["without a question is a repetition", NOT_IMPLEMENTED, "REPEATED", "0s"],
    [
      "in another case is a repetition",
      hex("1234 8180 0001 0001 0000 0000", QUESTION.replace("777777", "575757"), ANSWER),
      "REPEATED",
      "0s",
    ],
  ])("%s", (_, second, state, latency) => {
    expect(rowsOf([QUERY, TO_SERVER], [RESPONSE, TO_CLIENT], [second, TO_CLIENT])[1]).toMatchObject({ state, latency });
  });

  it("is a repetition though the id was used for another question since", () => {
    const rows = rowsOf(
      [QUERY, TO_SERVER],
      [RESPONSE, TO_CLIENT],
      [QUERY_AAAA, { ...TO_SERVER, atSeconds: 1 }],
      [RESPONSE_AAAA, TO_CLIENT],
      [RESPONSE, { ...TO_CLIENT, atSeconds: 2 }],
    );
    expect(rows).toMatchObject([
      { state: "COMPLETE" },
      { state: "COMPLETE" },
      { state: "REPEATED", query_type: "A", latency: "2s" },
    ]);
  });
});
