import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordClass, RecordType } from "../../generated/dns/dns_enums.js";
import { ByteSlot } from "../../runtime/plugin/index.js";
import { writeRecordData } from "./record-data.js";

/** Hex digits, spaces between them as layout, as the presentation text of one record. */
function render(type: keyof typeof RecordType, hex: string, recordClass: number = RecordClass.IN): string {
  const bytes = Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
  const slot = new ByteSlot(2048);
  writeRecordData(slot, RecordType[type], recordClass, bytes, 0, bytes.length, 0);
  return Buffer.from(slot.bytes.subarray(0, slot.length)).toString("latin1");
}

const EXAMPLE_COM = "07 6578616d706c65 03 636f6d 00";
const FOO_EXAMPLE_COM = `03 666f6f ${EXAMPLE_COM}`;
const FOO_EXAMPLE_ORG = "03 666f6f 07 6578616d706c65 03 6f7267 00";

describe("addresses", () => {
  it.each([
    ["c0000201", "192.0.2.1"],
    ["00000000", "0.0.0.0"],
    ["ffffffff", "255.255.255.255"],
  ])("writes A %s", (hex, text) => expect(render("A", hex)).toBe(text));

  // RFC 5952, section 4: what each rule asks for.
  it.each([
    ["2001 0db8 0000 0000 0000 0000 0002 0001", "2001:db8::2:1"],
    ["2001 0db8 0000 0001 0001 0001 0001 0001", "2001:db8:0:1:1:1:1:1"],
    ["2001 0000 0000 0001 0000 0000 0000 0001", "2001:0:0:1::1"],
    ["2001 0db8 0000 0000 0001 0000 0000 0001", "2001:db8::1:0:0:1"],
    ["2001 0db8 aaaa 0000 0000 0000 0000 0000", "2001:db8:aaaa::"],
    ["0000 0000 0000 0000 0000 0000 0000 0001", "::1"],
    ["0000 0000 0000 0000 0000 0000 0000 0000", "::"],
    ["0000 0000 0000 0000 0000 ffff c000 0201", "::ffff:192.0.2.1"],
  ])("writes AAAA %s", (hex, text) => expect(render("AAAA", hex)).toBe(text));

  it("does not take the address of another class for one of the Internet's", () => {
    expect(render("A", "c0000201", RecordClass.CH)).toBe("\\# 4 C0000201");
  });
});

describe("names and numbers", () => {
  it.each([
    ["NS", EXAMPLE_COM, "example.com"],
    ["MX", `000a ${EXAMPLE_COM}`, "10 example.com"],
    ["SRV", `000a 003c 13c4 ${EXAMPLE_COM}`, "10 60 5060 example.com"],
    ["SRV", "0000 0000 0000 00", "0 0 0 ."],
    // mname, rname `a.b@example.com` (RFC 1035, section 8: the dot of the mailbox is escaped), five numbers.
    [
      "SOA",
      `${EXAMPLE_COM} 03 612e62 ${EXAMPLE_COM} 78c34b54 00001c20 00000e10 00127500 ffffffff`,
      "example.com a\\.b.example.com 2026064724 7200 3600 1209600 4294967295",
    ],
    ["NAPTR", `0064 000a 01 75 07 4532552b736970 00 ${EXAMPLE_COM}`, '100 10 "u" "E2U+sip" "" example.com'],
  ] as const)("writes %s %s", (type, hex, text) => expect(render(type, hex)).toBe(text));

  it("writes character strings between quotes, each byte other than printable ASCII as a number", () => {
    expect(render("TXT", "03 612062 00 04 22 5c 00 ff")).toBe('"a b" "" "\\"\\\\\\000\\255"');
    expect(render("HINFO", "03 783836 05 4c696e7578")).toBe('"x86" "Linux"');
  });

  it("writes CAA as RFC 8659, section 4.1 does", () => {
    expect(render("CAA", "00 05 6973737565 63612e6578616d706c65")).toBe('0 issue "ca.example"');
    expect(render("CAA", "80 03 746273 556e6b6e6f776e")).toBe('128 tbs "Unknown"');
  });
});

describe("DNSSEC", () => {
  it("writes DS as RFC 4034, section 5.4 does", () => {
    // Key tag 60485, algorithm 5, digest type 1, the digest.
    expect(render("DS", "ec45 05 01 2bb183af5f22588179a53b0a98631fad1a292118")).toBe(
      "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118",
    );
  });

  it.each([
    ["", "Zm9v"],
    ["62", "Zm9vYg=="],
    ["6261", "Zm9vYmE="],
  ])("writes a DNSKEY in Base64 (RFC 4648, section 10), foo and %s", (hex, text) => {
    expect(render("DNSKEY", `0100 03 05 666f6f ${hex}`)).toBe(`256 3 5 ${text}`);
  });

  it("writes RRSIG with times as RFC 4034, section 3.3 does", () => {
    // A, algorithm 5, 3 labels, TTL 86400, 2003-03-22 17:31:03, 2003-02-20 17:31:03, key tag 2642, signer, signature.
    expect(render("RRSIG", `0001 05 03 00015180 3e7c9dd7 3e5510d7 0a52 ${EXAMPLE_COM} 666f6f`)).toBe(
      "A 5 3 86400 20030322173103 20030220173103 2642 example.com Zm9v",
    );
  });

  it("writes the NSEC of RFC 4034, section 4.3", () => {
    const next = `04 686f7374 ${EXAMPLE_COM}`;
    const hex = `${next} 00 06 40 01 00 00 00 03 04 1b 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 20`;
    expect(render("NSEC", hex)).toBe("host.example.com A MX RRSIG NSEC TYPE1234");
  });

  it("writes the NSEC3 of RFC 5155, appendix A", () => {
    const hash = "174eb2409fe28bcb4887a1836f957f0a8425e27b";
    expect(render("NSEC3", `01 01 000c 04 aabbccdd 14 ${hash} 00 07 22 01 00 00 00 02 90`)).toBe(
      "1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NS SOA MX RRSIG DNSKEY NSEC3PARAM",
    );
  });
});

// RFC 9460, appendix D.
describe("SVCB and HTTPS", () => {
  it.each([
    ["figure 2: alias", `0000 ${FOO_EXAMPLE_COM}`, "0 foo.example.com"],
    ["figure 3: target is the owner", "0001 00", "1 ."],
    ["figure 4: port", `0010 ${FOO_EXAMPLE_COM} 0003 0002 0035`, "16 foo.example.com port=53"],
    [
      "figure 5: a key without a name",
      `0001 ${FOO_EXAMPLE_COM} 029b 0005 68656c6c6f`,
      '1 foo.example.com key667="hello"',
    ],
    [
      "figure 6: a byte that is not ASCII",
      `0001 ${FOO_EXAMPLE_COM} 029b 0009 68656c6c6fd2716f6f`,
      '1 foo.example.com key667="hello\\210qoo"',
    ],
    [
      "figure 7: two IPv6 hints",
      `0001 ${FOO_EXAMPLE_COM} 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001`,
      "1 foo.example.com ipv6hint=2001:db8::1,2001:db8::53:1",
    ],
    [
      "figure 8: an IPv6 hint written with an IPv4 part",
      `0001 ${EXAMPLE_COM} 0006 0010 20010db80122034400000000c0000221`,
      "1 example.com ipv6hint=2001:db8:122:344::c000:221",
    ],
    [
      "figure 9: sorted keys",
      `0010 ${FOO_EXAMPLE_ORG} 0000 0004 0001 0004 0001 0009 02 6832 05 68332d3139 0004 0004 c0000201`,
      '16 foo.example.org mandatory=alpn,ipv4hint alpn="h2,h3-19" ipv4hint=192.0.2.1',
    ],
    [
      "figure 10: a comma and a backslash in a protocol's name",
      `0010 ${FOO_EXAMPLE_ORG} 0001 000c 08 665c6f6f2c626172 02 6832`,
      '16 foo.example.org alpn="f\\\\\\\\oo\\\\,bar,h2"',
    ],
    [
      "no-default-alpn and ech",
      "0001 00 0001 0003 02 6832 0002 0000 0005 0003 666f6f",
      '1 . alpn="h2" no-default-alpn ech=Zm9v',
    ],
  ])("writes %s", (_, hex, text) => expect(render("SVCB", hex)).toBe(text));

  it.each([
    ["keys out of order", "0001 00 0004 0004 c0000201 0003 0002 0035"],
    ["a key twice", "0001 00 0003 0002 0035 0003 0002 0035"],
    ["a port of three bytes", "0001 00 0003 0003 003500"],
    ["an address that is not whole", "0001 00 0004 0003 c00002"],
    ["a value that continues after the data", "0001 00 0003 0004 0035"],
    ["an empty protocol name", "0001 00 0001 0001 00"],
  ])("writes %s as bytes", (_, hex) => {
    const digits = hex.replaceAll(" ", "").toUpperCase();
    expect(render("HTTPS", hex)).toBe(`\\# ${digits.length / 2} ${digits}`);
  });
});

// RFC 3597, section 5.
describe("data without a format", () => {
  it("is its length and hexadecimal digits", () => {
    expect(render("NULL", "abcdef01")).toBe("\\# 4 ABCDEF01");
    expect(render("NULL", "")).toBe("\\# 0");
  });

  it.each([
    ["A", "c00002"],
    ["AAAA", "20010db8"],
    ["MX", "000a"],
    ["TXT", ""],
    ["TXT", "05 6162"],
    ["NS", `${EXAMPLE_COM} 00`],
    ["CAA", "00 00 6162"],
    ["NSEC", `${EXAMPLE_COM} 00 04 40`],
    ["NSEC3", "01 01 000c 04 aabb"],
  ] as const)("is what %s %s becomes, which breaks its type's format", (type, hex) => {
    expect(render(type, hex)).toMatch(/^\\# \d+( [0-9A-F]+)?$/);
  });
});

it("writes any data of any type as printable ASCII, and reads nothing beyond it", () => {
  const types = Object.values(RecordType);
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 80 }), (type, data) => {
      const padded = new Uint8Array(data.length + 40).fill(0xc0);
      padded.set(data, 20);
      const [exact, inside] = [new ByteSlot(2048), new ByteSlot(2048)];
      writeRecordData(exact, type, RecordClass.IN, data, 0, data.length, 0);
      writeRecordData(inside, type, RecordClass.IN, padded, 20, 20 + data.length, 20);
      expect(Buffer.compare(exact.bytes, inside.bytes)).toBe(0);
      expect(Buffer.from(exact.bytes.subarray(0, exact.length)).toString("latin1")).toMatch(/^[ -~]*$/);
    }),
    { numRuns: 2000 },
  );
});
