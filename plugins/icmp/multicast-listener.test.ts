import { describe, expect, it } from "vitest";
import { HOST, hex, rowsOf, TO_CLIENT6 } from "./testing/messages.js";

describe("multicast listener discovery", () => {
  const GROUP = "ff05000000000000000000000000abcd";

  it.each([
    [
      "a query of version 1",
      `82 00 0000 03e8 0000 ${GROUP}`,
      { kind: "MULTICAST_QUERY", maximum_response_delay: "1s" },
    ],
    [
      "a query of version 2 whose delay is a floating-point number",
      // (0x123 | 0x1000) << (1 + 3) ms (RFC 3810, section 5.1.3)
      `82 00 0000 9123 0000 ${GROUP} 02 7d 0000`,
      { kind: "MULTICAST_QUERY", maximum_response_delay: "70.192s" },
    ],
    [
      "a report of version 1",
      `83 00 0000 0000 0000 ${GROUP}`,
      { kind: "MULTICAST_REPORT", maximum_response_delay: null },
    ],
    ["a done", `84 00 0000 0000 0000 ${GROUP}`, { kind: "MULTICAST_DONE" }],
  ])("reads %s", (_, message, expected) => {
    expect(rowsOf([hex(message), TO_CLIENT6])).toMatchObject([{ ...expected, multicast_addresses: ["ff05::abcd"] }]);
  });

  it("reads the records of a report of version 2", () => {
    const report = `8f 00 0000 0000 0002  04 00 0000 ${GROUP}  05 01 0001 ${GROUP} ${HOST} 01020304`;
    expect(rowsOf([hex(report), TO_CLIENT6])).toMatchObject([
      {
        kind: "MULTICAST_REPORT",
        multicast_addresses: ["ff05::abcd", "ff05::abcd"],
        multicast_record_types: ["TO_EXCLUDE", "ALLOW_SOURCES"],
        multicast_source_counts: [0, 1],
        malformed: false,
      },
    ]);
    expect(rowsOf([hex(report).subarray(0, -1), TO_CLIENT6])).toMatchObject([
      { multicast_record_types: ["TO_EXCLUDE"], malformed: true },
    ]);
  });

  it("lists 64 records of more", () => {
    const record = `04 00 0000 ${GROUP}`;
    const [row] = rowsOf([hex("8f 00 0000 0000 0041", record.repeat(65)), TO_CLIENT6]);
    expect(row!["multicast_addresses"]).toHaveLength(64);
    expect(row).toMatchObject({ limit_reached: true, malformed: false });
  });
});
