import { describe, expect, it } from "vitest";
import { CLIENT, hex, rowsOf, SERVER, TO_CLIENT } from "./testing/messages.js";

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

  it("pairs the query of a simple resolver, from another port", () => {
    const query = hex("0007 0000 0001 0000 0000 0000", question("0001"));
    const reply = hex("0007 8400 0001 0001 0000 0000", question("0001"), answer);
    expect(rowsOf([query, { ...toGroup, srcPort: 40000 }], [reply, { ...TO_CLIENT, srcPort: 5353 }])).toMatchObject([
      { state: "COMPLETE" },
    ]);
  });
});

it("reads the flags of LLMNR as RFC 4795, section 2.1.1 defines them", () => {
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
