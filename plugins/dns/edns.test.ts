import { describe, expect, it } from "vitest";
import { ANSWER, hex, QUESTION, rowsOf, TO_CLIENT, TO_SERVER } from "./testing/messages.js";

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
    ["a prefix of 0 bits", "0008 0004 0001 00 00", "0.0.0.0/0"],
    ["a prefix that is too long", "0008 0009 0001 21 00 c000020101", null],
    ["fewer bytes than its prefix has", "0008 0006 0001 18 00 c000", null],
    ["an unknown family", "0008 0004 0003 00 00", null],
    ["an option that continues after the record", "0008 0009 0001 18 00 c00002", null],
    ["another option before it", "000a 0008 0102030405060708 0008 0007 0001 18 00 c00002", "192.0.2.0/24"],
  ])("reads a client subnet of %s", (_, options, expected) => {
    expect(rowsOf([query(options), TO_SERVER])).toMatchObject([{ client_subnet: expected, edns_version: 0 }]);
  });

  it("puts the upper bits of the response code before the header's, and keeps the query's size", () => {
    // BADCOOKIE, 23, is 1 and 7; another record stands before OPT
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
